use std::ops::{Deref, DerefMut};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Cell, ColumnType, Fault, Value};
use crate::value::kind;

/// A value that is kept as a JSON document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json<T>(pub T);

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Json<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T> From<T> for Json<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T: Serialize + DeserializeOwned + Send + 'static> ColumnType for Json<T> {
    type Kind = kind::Json;
    type Base = Self;
    type Lift<V: ColumnType> = V;

    fn encode(&self) -> Value {
        match serde_json::to_string(&self.0) {
            Ok(text) => Value::Json(text),
            Err(error) => Value::Refused(format!("the value cannot be written as JSON: {error}")),
        }
    }

    fn decode(cell: Cell<'_>) -> Result<Self, Fault> {
        serde_json::from_str(cell.json()?)
            .map(Self)
            .map_err(|error| Fault::new(error.to_string()))
    }
}

impl ColumnType for serde_json::Value {
    type Kind = kind::Json;
    type Base = Self;
    type Lift<V: ColumnType> = V;

    fn encode(&self) -> Value {
        Value::Json(self.to_string())
    }

    fn decode(cell: Cell<'_>) -> Result<Self, Fault> {
        serde_json::from_str(cell.json()?).map_err(|error| Fault::new(error.to_string()))
    }
}
