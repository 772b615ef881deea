use super::Linker;
use crate::decl::{At, Place, RelationDecl, RelationKind};

impl Linker<'_> {
    /// Whether the other struct of each relation is a table and has the keys.
    pub(super) fn check_relations(&mut self, index: usize) {
        let Some(table) = self.tables.get(&index) else { return };
        let decl = table.decl;
        for relation in &decl.relations {
            let Some(target) = self.target(&relation.target, index, relation.kind.as_str()) else {
                continue;
            };
            match (relation.kind, &relation.through) {
                (RelationKind::ManyToMany, Some(through)) => {
                    let Some(between) = self.target(through, index, "through") else {
                        continue;
                    };
                    self.has_fields(between, &relation.key, relation);
                    self.has_fields(between, &relation.target_key, relation);
                    self.as_many(index, &relation.key, &[], relation);
                    self.as_many(target, &relation.target_key, &[], relation);
                }
                (RelationKind::BelongsTo, _) => {
                    self.has_fields(index, &relation.key, relation);
                    self.has_fields(target, &relation.references, relation);
                    self.as_many(target, &relation.key, &relation.references, relation);
                }
                _ => {
                    self.has_fields(target, &relation.key, relation);
                    self.has_fields(index, &relation.references, relation);
                    self.as_many(index, &relation.key, &relation.references, relation);
                }
            }
        }
    }

    fn has_fields(&mut self, table: usize, fields: &[At<String>], relation: &RelationDecl) {
        let Some(decl) = self.tables.get(&table).map(|table| table.decl) else {
            return;
        };
        for field in fields.iter().filter(|field| decl.column(field).is_none()) {
            let known = decl.columns.iter().map(|column| column.field.as_str());
            let help = match crate::decl::nearest(field, known.clone()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "its fields are {}; name the key with `key = …`",
                    known.collect::<Vec<_>>().join(", ")
                ),
            };
            let place: Place = field.place.or(&relation.name.place);
            self.problem(
                &place,
                format!(
                    "relation `{}`: `{}` has no field `{}`",
                    *relation.name, *decl.ident, **field
                ),
                help,
            );
        }
    }

    /// A key has as many columns as what it points to, which is the primary key where nothing else is said.
    fn as_many(&mut self, table: usize, key: &[At<String>], to: &[At<String>], relation: &RelationDecl) {
        let Some(decl) = self.tables.get(&table).map(|table| table.decl) else {
            return;
        };
        let wanted = match (to.len(), &decl.primary_key) {
            (0, Some(primary)) => primary.columns.len(),
            (0, None) => return,
            (named, _) => named,
        };
        if wanted != key.len() {
            self.problem(
                &relation.name.place,
                format!(
                    "relation `{}`: a key of {} fields cannot point to {wanted} of `{}`",
                    *relation.name,
                    key.len(),
                    *decl.ident
                ),
                "name all of them: `key(tenant_id, project_id)`",
            );
        }
    }
}
