//! DDL.
use std::collections::{BTreeMap, BTreeSet};

use super::Postgres;
use crate::dialect::{Emit, EmitError};
use crate::diff::TableChange;
use crate::ident::{Name, Qualified};
use crate::ir::{Column, Enum, Table};
use crate::plan::Steps;

fn later(object: &dyn std::fmt::Display) -> Result<(), EmitError> {
    Err(EmitError {
        object: object.to_string(),
        message: "PostgreSQL's DDL is on its way".into(),
    })
}

impl Emit for Postgres {
    fn create_namespace(&self, name: &Name, _: &mut Steps) -> Result<(), EmitError> {
        later(name)
    }
    fn drop_namespace(&self, name: &Name, _: &mut Steps) -> Result<(), EmitError> {
        later(name)
    }
    fn create_enum(&self, e: &Enum, _: &mut Steps) -> Result<(), EmitError> {
        later(&e.name)
    }
    fn drop_enum(&self, e: &Enum, _: &mut Steps) -> Result<(), EmitError> {
        later(&e.name)
    }
    fn rename_enum(&self, from: &Qualified, _: &Qualified, _: &mut Steps) -> Result<(), EmitError> {
        later(from)
    }
    fn alter_enum(
        &self,
        from: &Enum,
        _: &Enum,
        _: &BTreeMap<String, String>,
        _: &[(&Table, &Column)],
        _: &BTreeSet<String>,
        _: &mut Steps,
    ) -> Result<(), EmitError> {
        later(&from.name)
    }
    fn create_table(&self, t: &Table, _: &mut Steps) -> Result<(), EmitError> {
        later(&t.name)
    }
    fn drop_table(&self, t: &Table, _: &mut Steps) -> Result<(), EmitError> {
        later(&t.name)
    }
    fn rename_table(&self, from: &Qualified, _: &Qualified, _: &mut Steps) -> Result<(), EmitError> {
        later(from)
    }
    fn alter_table(&self, from: &Table, _: &Table, _: &[TableChange], _: &mut Steps) -> Result<(), EmitError> {
        later(&from.name)
    }
}
