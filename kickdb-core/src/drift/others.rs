//! What belongs to others and is neither wanted nor in the way: the bookkeeping of other tools, and tables that the structs call
//! unmanaged.

use crate::dialect::Dialect;
use crate::ident::Qualified;
use crate::ir::Schema;

/// The tables in which tools keep what they have done, with the tool.
const TOOLS: &[(&str, &str)] = &[
    ("__diesel_schema_migrations", "Diesel"),
    ("__drizzle_migrations", "Drizzle"),
    ("__EFMigrationsHistory", "Entity Framework"),
    ("_prisma_migrations", "Prisma"),
    ("_sqlx_migrations", "SQLx"),
    ("alembic_version", "Alembic"),
    ("ar_internal_metadata", "Rails"),
    ("atlas_schema_revisions", "Atlas"),
    ("databasechangelog", "Liquibase"),
    ("databasechangeloglock", "Liquibase"),
    ("DATABASECHANGELOG", "Liquibase"),
    ("DATABASECHANGELOGLOCK", "Liquibase"),
    ("django_migrations", "Django"),
    ("flyway_schema_history", "Flyway"),
    ("goose_db_version", "goose"),
    ("knex_migrations", "Knex"),
    ("knex_migrations_lock", "Knex"),
    ("refinery_schema_history", "Refinery"),
    ("schema_migrations", "a migration tool"),
    ("seaql_migrations", "SeaORM"),
    ("SequelizeMeta", "Sequelize"),
    ("typeorm_metadata", "TypeORM"),
];

/// The other tool that keeps what it has done in a table of that name.
#[must_use]
pub fn tool_of(table: &Qualified) -> Option<&'static str> {
    let known = TOOLS.iter().find(|(name, _)| table.name == **name);
    known.map(|(_, tool)| *tool)
}

/// Takes out of `live` what belongs to others and is not expected, and gives it by name.
#[must_use = "somebody should be told what was left aside"]
pub fn set_aside(expected: &Schema, live: &mut Schema) -> Vec<String> {
    let theirs: Vec<(Qualified, &str)> = live
        .tables
        .keys()
        .filter(|name| !expected.tables.contains_key(name))
        .filter_map(|name| Some((name.clone(), tool_of(name)?)))
        .collect();
    let released = live.release(&expected.unmanaged);
    let released = released
        .into_iter()
        .map(|name| (name, "somebody else's, by the structs"));
    let mut aside = Vec::new();
    for (name, tool) in theirs.into_iter().chain(released) {
        live.tables.remove(&name);
        live.objects.retain(|id, _| id.on.as_ref() != Some(&name));
        let empty = |schema| !live.tables.keys().any(|table| table.schema.as_ref() == Some(schema));
        if let Some(schema) = name.schema.as_ref().filter(|schema| empty(schema))
            && !expected.namespaces.contains(schema)
            && !live.enums.keys().any(|e| e.schema.as_ref() == Some(schema))
            && !live.objects.keys().any(|id| id.name.schema.as_ref() == Some(schema))
        {
            live.namespaces.remove(schema);
        }
        aside.push(format!("table {name} ({tool})"));
    }
    aside
}

/// Takes out of `live` what those who run a database put into it, where nobody expects it, and gives it by name.
pub(super) fn set_operations_aside(expected: &Schema, live: &mut Schema, dialect: &dyn Dialect) -> Vec<String> {
    let mut aside = Vec::new();
    live.objects.retain(|id, _| {
        let theirs = dialect.is_of_operations(id) && !expected.objects.contains_key(id);
        if theirs {
            aside.push(id.to_string());
        }
        !theirs
    });
    aside
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ident::Name;
    use crate::ir::Table;

    #[test]
    fn the_bookkeeping_of_another_tool_is_nothing_of_ours() {
        let name = |text: &str| Name::new(text).unwrap();
        let theirs = Qualified {
            schema: Some(name("drizzle")),
            name: name("__drizzle_migrations"),
        };
        let mut live = Schema::default();
        live.namespaces.insert(name("drizzle"));
        for table in [theirs, Qualified::local(name("tasks"))] {
            live.tables.insert(table.clone(), Table::new(table));
        }
        let all = live.clone();
        assert_eq!(
            set_aside(&Schema::default(), &mut live),
            ["table drizzle.__drizzle_migrations (Drizzle)"]
        );
        assert_eq!(live.tables.len(), 1);
        assert!(live.namespaces.is_empty());
        let mut live = all.clone();
        assert_eq!(set_aside(&all, &mut live), [""; 0], "somebody works with it");
    }
}
