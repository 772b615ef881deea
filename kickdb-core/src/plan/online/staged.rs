use crate::dialect::{Cast, Dialect, IdentifierLimit};
use crate::diff::TableChange;
use crate::ident::{Name, Qualified};
use crate::ir::{Column, ColumnValue, Expr, Index, IndexKey, Schema, Table};
use crate::lex::{Kind, tokens};

/// A column that gets another type by a new one that takes its place.
pub(super) struct Staged {
    pub(super) table: Qualified,
    pub(super) column: Name,
    /// The name of the new column until then.
    pub(super) spare: Name,
    /// The new value from the old one.
    pub(super) forth: String,
    /// The old value from the new one, which then has the other name again.
    back: String,
}

impl Staged {
    /// Puts the new column, and all that the old one is part of, beside the old one.
    ///
    /// # Errors
    ///
    /// Why it cannot be staged, in words about the column: the change is then made in place.
    pub(super) fn of(
        (before, after): (&Table, &Table),
        (from, to): (&Column, &Column),
        changes: &[TableChange],
        built: &mut Schema,
        dialect: &dyn Dialect,
    ) -> Result<Self, String> {
        // Columns change places at once or not at all.
        if !dialect.caps().transactional_ddl {
            return Err(format!(
                "{} cannot let two columns change places in one transaction",
                dialect.title()
            ));
        }
        let name = &to.name;
        let renamed = |change: &TableChange| matches!(change, TableChange::RenameColumn { to, .. } if to == name);
        if changes.iter().any(renamed) {
            return Err("it takes another name at the same time".to_owned());
        }
        if [from, to]
            .iter()
            .any(|column| matches!(column.value, ColumnValue::Generated { .. }))
        {
            return Err("it is computed".to_owned());
        }
        if [from, to]
            .iter()
            .any(|column| matches!(column.value, ColumnValue::Identity(..)))
        {
            return Err("it counts by itself".to_owned());
        }
        if dialect.cast(&from.ty, &to.ty) != Cast::Safe {
            return Err("not every value of the old type is one of the new type".to_owned());
        }
        if let Some(why) = holder(before, name, built, dialect).or_else(|| holder(after, name, built, dialect)) {
            return Err(why);
        }
        Self::beside((before, after), (from, to), built, dialect).ok_or_else(|| {
            format!("the names `{name}{SPARE}` are taken or too long, or what it is part of changes, too")
        })
    }

    fn beside(
        (before, after): (&Table, &Table),
        (from, to): (&Column, &Column),
        built: &mut Schema,
        dialect: &dyn Dialect,
    ) -> Option<Self> {
        let ways = dialect.online()?;
        let name = &to.name;
        let mut table = built.tables.get(&after.name)?.clone();
        let spare = spare(name, dialect).filter(|spare| table.column(spare).is_none())?;
        // Beside what it is part of now stands the same for the new column.
        let twin = |indexed: &Name| self::spare(indexed, dialect);
        for index in after.indexes.values().filter(|index| has(index, name)) {
            let index = Index {
                name: twin(&index.name)?,
                ..with(index, name, &spare)
            };
            let old = before.indexes.get(&original(&index.name)?)?;
            table.indexes.insert(index.name.clone(), index);
            table.indexes.insert(old.name.clone(), old.clone());
        }
        for unique in after.uniques.values().filter(|unique| unique.columns.contains(name)) {
            let mut new = unique.clone();
            new.name = twin(&unique.name)?;
            replace(&mut new.columns, name, &spare);
            before.uniques.get(&unique.name).filter(|old| *old == unique)?;
            table.uniques.insert(new.name.clone(), new);
        }
        for key in after.foreign_keys.values().filter(|key| key.columns.contains(name)) {
            let mut new = key.clone();
            new.name = twin(&key.name)?;
            replace(&mut new.columns, name, &spare);
            before.foreign_keys.get(&key.name).filter(|old| *old == key)?;
            table.foreign_keys.insert(new.name.clone(), new);
        }
        let place = table.columns.iter_mut().find(|column| column.name == *name)?;
        place.clone_from(from);
        table.columns.push(Column {
            name: spare.clone(),
            ..to.clone()
        });
        let staged = Self {
            table: after.name.clone(),
            column: name.clone(),
            forth: ways.converted(name, &from.ty, &to.ty, built)?,
            back: ways.converted(&spare, &to.ty, &from.ty, built)?,
            spare,
        };
        built.tables.insert(after.name.clone(), table);
        Some(staged)
    }

    pub(super) fn is(&self, table: &Qualified, column: &Name) -> bool {
        self.table == *table && self.spare == *column
    }

    /// Takes the old column out, with what rests on it.
    pub(super) fn drop_old(&self, table: &mut Table) {
        table.columns.retain(|column| column.name != self.column);
        table.indexes.retain(|_, index| !has(index, &self.column));
        table.uniques.retain(|_, unique| !unique.columns.contains(&self.column));
        table.foreign_keys.retain(|_, key| !key.columns.contains(&self.column));
    }

    /// Gives the new column and what rests on it their names.
    pub(super) fn take_place(&self, table: &mut Table) {
        let columns = table.columns.iter_mut();
        columns
            .filter(|column| column.name == self.spare)
            .for_each(|column| column.name.clone_from(&self.column));
        for (name, mut index) in std::mem::take(&mut table.indexes) {
            if has(&index, &self.spare) {
                index = with(&index, &self.spare, &self.column);
                index.name = original(&name).unwrap_or(name);
            }
            table.indexes.insert(index.name.clone(), index);
        }
        for (name, mut unique) in std::mem::take(&mut table.uniques) {
            if unique.columns.contains(&self.spare) {
                replace(&mut unique.columns, &self.spare, &self.column);
                unique.name = original(&name).unwrap_or(name);
            }
            table.uniques.insert(unique.name.clone(), unique);
        }
        for (name, mut key) in std::mem::take(&mut table.foreign_keys) {
            if key.columns.contains(&self.spare) {
                replace(&mut key.columns, &self.spare, &self.column);
                key.name = original(&name).unwrap_or(name);
            }
            table.foreign_keys.insert(key.name.clone(), key);
        }
    }

    /// What the old column gets when it comes back.
    pub(super) fn back(&self) -> (Qualified, Name, String) {
        (self.table.clone(), self.column.clone(), self.back.clone())
    }
}

const SPARE: &str = "__new";

fn spare(name: &Name, dialect: &dyn Dialect) -> Option<Name> {
    let spare = Name::new(format!("{name}{SPARE}")).ok()?;
    let fits = match dialect.caps().max_identifier {
        IdentifierLimit::Bytes(most) => spare.as_str().len() <= most,
        IdentifierLimit::Chars(most) => spare.as_str().chars().count() <= most,
        IdentifierLimit::None => true,
    };
    fits.then_some(spare)
}

fn original(spare: &Name) -> Option<Name> {
    Name::new(spare.as_str().strip_suffix(SPARE)?).ok()
}

/// What holds on to the column and cannot simply stand beside itself, in words about the column.
fn holder(table: &Table, column: &Name, schema: &Schema, dialect: &dyn Dialect) -> Option<String> {
    let says = |sql: &str| {
        let mut words = tokens(sql, dialect.lexis()).filter(|token| matches!(token.kind, Kind::Word | Kind::Quoted));
        words.any(|token| {
            token
                .text
                .trim_matches(['"', '`'])
                .eq_ignore_ascii_case(column.as_str())
        })
    };
    let in_expr = |expr: &Expr| matches!(expr, Expr::Sql(sql) if says(sql));
    if table.primary_key.iter().any(|key| key.columns.contains(column)) {
        return Some("it is part of the primary key".to_owned());
    }
    let foreign = schema.tables.values().flat_map(|other| {
        let keys = other.foreign_keys.values();
        keys.map(move |key| (&other.name, key))
    });
    for (other, key) in foreign {
        if key.references == table.name && key.referenced.contains(column) {
            return Some(format!("the foreign key {} of {other} points at it", key.name));
        }
    }
    let computed = |column: &&Column| matches!(&column.value, ColumnValue::Generated { expr, .. } if in_expr(expr));
    if let Some(other) = table.columns.iter().find(computed) {
        return Some(format!("column {} is computed from it", other.name));
    }
    if let Some(check) = table.checks.values().find(|check| in_expr(&check.expr)) {
        return Some(format!("check {} says it", check.name));
    }
    if let Some(exclusion) = table.exclusions.values().next() {
        return Some(format!("its table has the exclusion {}", exclusion.name));
    }
    let expression = |index: &&Index| {
        index.predicate.as_ref().is_some_and(in_expr)
            || index
                .parts
                .iter()
                .any(|part| matches!(&part.key, IndexKey::Expr(expr) if in_expr(expr)))
    };
    if let Some(index) = table.indexes.values().find(expression) {
        return Some(format!("index {} has an expression over it", index.name));
    }
    let mut objects = schema.objects.iter();
    let object = objects.find(|(id, object)| {
        let uses = dialect.uses(id, object);
        id.on.as_ref() == Some(&table.name) || uses.held.says(&table.name) || uses.said.says(&table.name)
    });
    object.map(|(id, _)| format!("{id} uses its table"))
}

fn has(index: &Index, column: &Name) -> bool {
    let part = |key: &IndexKey| matches!(key, IndexKey::Column(name) if name == column);
    index.include.contains(column) || index.parts.iter().any(|one| part(&one.key))
}

fn with(index: &Index, column: &Name, spare: &Name) -> Index {
    let mut index = index.clone();
    replace(&mut index.include, column, spare);
    for part in &mut index.parts {
        if matches!(&part.key, IndexKey::Column(name) if name == column) {
            part.key = IndexKey::Column(spare.clone());
        }
    }
    index
}

fn replace(columns: &mut [Name], column: &Name, spare: &Name) {
    for name in columns.iter_mut().filter(|name| *name == column) {
        name.clone_from(spare);
    }
}
