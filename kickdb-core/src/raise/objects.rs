//! Views, functions, triggers and the rest, as constants that hold their statements.

use super::names::constant;
use super::{Raiser, at, print};
use crate::decl::{Item, ObjectDecl, SqlText};
use crate::ir::{Object, ObjectId, ObjectKind, Schema};
use crate::plan::Steps;

impl Raiser<'_> {
    pub(super) fn objects(&mut self) -> Vec<Item> {
        let mut items = Vec::new();
        let schema = self.schema;
        let lived_in = |name: &crate::ident::Name| {
            let tables = schema.tables.keys().chain(schema.enums.keys());
            tables
                .chain(schema.objects.keys().map(|id| &id.name))
                .any(|of| of.schema.as_ref() == Some(name))
        };
        for name in schema.namespaces.iter().filter(|name| !lived_in(name)) {
            let mut steps = Steps::default();
            if self.dialect.create_namespace(name, &mut steps).is_err() {
                continue;
            }
            let root = self.known.root.clone();
            let ident = self.names.take(&root, &[constant(name.as_str())]);
            let sql = self.text(&own_statements(steps)).unwrap_or_default();
            items.push(self.constant(root, ident, sql));
        }
        for (id, object) in &schema.objects {
            match self.object(id, object) {
                Ok(sql) => {
                    let module = self.module_of(&id.name);
                    let name = match &id.on {
                        Some(on) => format!("{} {}", on.name, id.name.name),
                        None => id.name.name.to_string(),
                    };
                    let name = constant(&name);
                    let kind = format!("{name}_{}", constant(id.kind.title()));
                    let ident = self.names.take(&module, &[name, kind]);
                    items.push(self.constant(module, ident, sql));
                }
                Err(why) => self.leave(id.to_string(), why),
            }
        }
        items
    }

    fn constant(&self, module: String, ident: String, sql: String) -> Item {
        Item::Object(ObjectDecl {
            ident: at(ident),
            module,
            dialects: vec![at(self.dialect.id().as_str().to_owned())],
            sql: at(SqlText::Text(sql)),
        })
    }

    /// The statements that make an object, where they are read as that.
    fn object(&self, id: &ObjectId, object: &Object) -> Result<String, String> {
        let mut steps = Steps::default();
        self.dialect
            .declared(id, object, self.schema, &mut steps)
            .map_err(|error| error.message)?;
        let made = own_statements(steps);
        let (first, more) = made.split_first().ok_or("nothing makes it")?;
        let (read, _) = self.dialect.read_object(first)?;
        let mut read_back = Schema::default();
        read_back.objects.insert(id.clone(), Object::new(first.clone()));
        for sql in more {
            match self.dialect.amend(sql, &mut read_back) {
                Some(Ok(())) => {}
                Some(Err(why)) => return Err(why),
                None => return Err(format!("`{}` is nothing that a declaration says", head(sql))),
            }
        }
        if read != *id && !self.means(&read, first, id) {
            return Err(format!("its statement is read as the {read}"));
        }
        self.text(&made)
            .ok_or_else(|| "its statements cannot be told apart".to_owned())
    }

    /// Whether the statement spells the table of an object in other letters, which to the engine is the same table.
    fn means(&self, read: &ObjectId, sql: &str, id: &ObjectId) -> bool {
        let Some(on) = &id.on else { return false };
        let mut beside = Schema::default();
        if let Some(table) = self.schema.tables.share(on) {
            beside.tables.insert(on.clone(), table);
        }
        let view = ObjectId::new(ObjectKind::View, on.clone());
        if let Some(object) = self.schema.objects.get(&view) {
            beside.objects.insert(view, object.clone());
        }
        beside.objects.insert(read.clone(), Object::new(sql));
        self.dialect.normalize(&mut beside).is_ok() && beside.objects.contains_key(id)
    }

    /// Statements as one text from which they are read again.
    fn text(&self, made: &[String]) -> Option<String> {
        print::script(made, self.dialect.lexis())
    }
}

/// The statements of some steps, without what only concerns their run.
fn own_statements(steps: Steps) -> Vec<String> {
    let steps = steps.finish().steps.into_iter();
    steps
        .map(|step| step.sql)
        .filter(|sql| !sql.starts_with("SET "))
        .collect()
}

fn head(sql: &str) -> String {
    sql.lines().next().unwrap_or_default().chars().take(60).collect()
}
