use super::attr::{Attr, literal, options, path, rust_type};
use crate::decl::names::{derived, snake_case};
use crate::decl::{
    At, ColumnDecl, CounterDecl, ForeignKeyDecl, IndexDecl, Literal, PartDecl, PartKey, RelationDecl, RelationKind,
    Role, StorageDecl, TableDecl, ValueDecl,
};
use crate::ir::{Action, Deferrable, Identity};
use crate::raise::rust_ident;

/// A table's attributes: those of the struct, and those of each field in order. What concerns one field alone stands there.
#[derive(Clone, Debug, Default)]
pub struct Attrs {
    /// Those of the struct.
    pub table: Vec<Attr>,
    /// Those of the fields; one that says nothing has no arguments.
    pub fields: Vec<Attr>,
}

/// Writes a table's attributes.
#[must_use]
pub fn attrs(decl: &TableDecl) -> Attrs {
    let mut attrs = Attrs {
        table: Vec::new(),
        fields: decl.columns.iter().map(|_| Attr::new("column")).collect(),
    };
    attrs.table.extend(head(decl));
    primary_key(decl, &mut attrs);
    for (column, attr) in decl.columns.iter().zip(&mut attrs.fields) {
        column_head(column, attr);
    }
    uniques(decl, &mut attrs);
    indexes(decl, &mut attrs);
    checks(decl, &mut attrs);
    exclusions(decl, &mut attrs);
    foreign_keys(decl, &mut attrs);
    for (column, attr) in decl.columns.iter().zip(&mut attrs.fields) {
        column_tail(column, attr);
    }
    attrs.table.extend(relations(decl));
    attrs
}

/// The attributes of all parts at the struct, also those that a field could have.
#[must_use]
pub fn at_struct(decl: &TableDecl) -> Vec<Attr> {
    // Nothing stands at a field that is not there.
    let mut bare = TableDecl {
        columns: Vec::new(),
        ..decl.clone()
    };
    for check in &mut bare.checks {
        let of = check.column.take().and_then(|field| decl.column(&field));
        if let Some(column) = of {
            let name = derived(&table_name(decl), &[column.name().as_str()], "check");
            check.name = Some(At::new(name, check.expr.place.clone()));
        }
    }
    let mut attrs = attrs(&bare).table;
    attrs.retain(|attr| attr.name != "table");
    attrs
}

/// The whole struct.
#[must_use]
pub fn table(decl: &TableDecl) -> String {
    let attrs = attrs(decl);
    let mut text = String::from("#[derive(Debug, Clone, PartialEq, Table)]\n");
    for attr in &attrs.table {
        text.push_str(&attr.render(0));
        text.push('\n');
    }
    if decl.columns.is_empty() {
        return format!("{text}pub struct {} {{}}\n", rust_ident(&decl.ident));
    }
    text.push_str(&format!("pub struct {} {{\n", rust_ident(&decl.ident)));
    for (column, attr) in decl.columns.iter().zip(&attrs.fields) {
        text.push_str(&field(column, attr));
    }
    text.push_str("}\n");
    text
}

/// One field with its attribute, in lines with their indent.
#[must_use]
pub fn field(column: &ColumnDecl, attr: &Attr) -> String {
    let mut text = String::new();
    if !attr.args.is_empty() {
        text.push_str(&format!("    {}\n", attr.render(4)));
    }
    text.push_str(&format!(
        "    pub {}: {},\n",
        rust_ident(&column.field),
        rust_type(&column.ty)
    ));
    text
}

fn table_name(decl: &TableDecl) -> String {
    let given = decl.name.as_ref().map(|name| name.value.clone());
    given.unwrap_or_else(|| snake_case(&decl.ident))
}

/// Options that are words of the attribute itself.
const TEXTS: [&str; 2] = ["engine", "collate"];
const FLAGS: [(&str, &str); 2] = [("strict", "strict"), ("without rowid", "without_rowid")];

fn head(decl: &TableDecl) -> Option<Attr> {
    let mut attr = Attr::new("table");
    attr.text("name", decl.name.as_ref().map(|name| name.as_str()));
    attr.text("schema", decl.schema.as_ref().map(|name| name.as_str()));
    attr.text("comment", decl.comment.as_deref());
    attr.flag("no_primary_key", decl.primary_key.is_none() && decl.unmanaged.is_none());
    if let Some(reason) = &decl.unmanaged {
        attr.arg("unmanaged");
        attr.text("reason", Some(reason.as_str()));
    }
    for (option, word) in FLAGS {
        attr.flag(word, decl.options.get(option).is_some_and(String::is_empty));
    }
    for option in TEXTS {
        let text = decl.options.get(option).filter(|text| !text.is_empty());
        attr.text(option, text.map(String::as_str));
    }
    let is_word = |option: &str, value: &str| {
        TEXTS.contains(&option) && !value.is_empty()
            || FLAGS.iter().any(|(flag, _)| *flag == option) && value.is_empty()
    };
    let rest = decl.options.iter().filter(|(option, value)| !is_word(option, value));
    attr.args.extend(options("options", rest));
    if !decl.inherits.is_empty() {
        let parents: Vec<String> = decl.inherits.iter().map(|parent| path(parent)).collect();
        attr.arg(format!("inherits({})", parents.join(", ")));
    }
    attr.text("partition_by", decl.partition_by.as_ref().map(|key| key.as_str()));
    if let Some(partition) = &decl.partition {
        attr.arg(format!("partition_of = {}", path(&partition.of)));
        attr.text("bound", Some(partition.bound.as_str()));
    }
    attr.text("renamed_from", decl.renamed_from.as_ref().map(|name| name.as_str()));
    (!attr.args.is_empty()).then_some(attr)
}

fn fields(key: &str, names: &[At<String>]) -> String {
    format!("{key}({})", list(names))
}

fn list(names: &[At<String>]) -> String {
    let names: Vec<String> = names.iter().map(|name| rust_ident(name)).collect();
    names.join(", ")
}

fn storage(storage: &StorageDecl, attr: &mut Attr) {
    if !storage.include.is_empty() {
        attr.arg(fields("include", &storage.include));
    }
    attr.text("part_of", storage.part_of.as_ref().map(|name| name.as_str()));
    attr.args.extend(options("options", &storage.options));
    attr.text("comment", storage.comment.as_deref());
}

fn deferrable(deferrable: Deferrable, attr: &mut Attr) {
    match deferrable {
        Deferrable::No => {}
        Deferrable::Immediate => attr.arg("deferrable"),
        Deferrable::Deferred => attr.arg("deferrable = deferred"),
    }
}

/// The place of the field that a part concerns alone.
fn only(decl: &TableDecl, names: &[At<String>]) -> Option<usize> {
    match names {
        [one] => decl.columns.iter().position(|column| column.field == *one),
        _ => None,
    }
}

fn primary_key(decl: &TableDecl, attrs: &mut Attrs) {
    let Some(key) = &decl.primary_key else { return };
    let in_order: Vec<usize> = key
        .columns
        .iter()
        .filter_map(|name| decl.columns.iter().position(|column| column.field == *name))
        .collect();
    let plain = key.name.is_none() && key.deferrable == Deferrable::No && key.storage == StorageDecl::default();
    if plain && in_order.len() == key.columns.len() && in_order.is_sorted() {
        for index in in_order {
            attrs.fields[index].arg("primary_key");
        }
        return;
    }
    let mut attr = Attr::new("primary_key");
    attr.arg(fields("columns", &key.columns));
    attr.text("name", key.name.as_ref().map(|name| name.as_str()));
    deferrable(key.deferrable, &mut attr);
    storage(&key.storage, &mut attr);
    attrs.table.push(attr);
}

fn column_head(column: &ColumnDecl, attr: &mut Attr) {
    attr.text("name", column.name.as_ref().map(|name| name.as_str()));
    attr.text("type", column.raw_type.as_ref().map(|raw| raw.as_str()));
    if let Some(role) = column.role {
        attr.arg(role.as_str());
    }
    match column.value.as_ref().map(|value| &value.value) {
        None => {}
        Some(ValueDecl::Literal(Literal::Int(1))) if column.role == Some(Role::Version) => {}
        Some(ValueDecl::Literal(literal)) => attr.arg(format!("default = {}", self::literal_of(literal))),
        Some(ValueDecl::Constant(value)) => attr.arg(format!("default = {}", path(value))),
        Some(ValueDecl::Sql(sql)) => attr.text("default_sql", Some(sql)),
        // Said by the attribute of its meaning.
        Some(ValueDecl::Now) if column.role.is_some() => {}
        Some(ValueDecl::Now) => attr.arg("default_now"),
        Some(ValueDecl::Uuid) => attr.arg("default_uuid"),
        Some(ValueDecl::EmptyArray) => attr.arg("default = []"),
        Some(ValueDecl::Identity(identity)) => attr.arg(counter(*identity, column.counter.as_ref())),
        Some(ValueDecl::Generated { expr, stored }) => {
            attr.text("generated", Some(expr));
            attr.flag("virtual", !stored);
        }
    }
}

fn literal_of(value: &Literal) -> String {
    match value {
        Literal::Bool(value) => value.to_string(),
        Literal::Int(value) => value.to_string(),
        Literal::Float(text) => text.clone(),
        Literal::Text(text) => literal(text),
    }
}

fn counter(identity: Identity, counter: Option<&CounterDecl>) -> String {
    let word = match identity {
        Identity::Serial => "serial",
        Identity::ByDefault | Identity::Always => "identity",
    };
    let Some(counter) = counter else {
        let always = if identity == Identity::Always { " = always" } else { "" };
        return format!("{word}{always}");
    };
    let mut attr = Attr::new("identity");
    attr.flag("always", identity == Identity::Always);
    let numbers = [
        ("start", counter.start),
        ("increment", counter.increment),
        ("min", counter.min),
        ("max", counter.max),
        ("cache", counter.cache),
    ];
    for (key, number) in numbers {
        attr.args.extend(number.map(|number| format!("{key} = {number}")));
    }
    attr.flag("cycle", counter.cycle);
    attr.text("type", counter.ty.as_ref().map(|ty| ty.as_str()));
    attr.text("name", counter.name.as_ref().map(|name| name.as_str()));
    attr.text("schema", counter.schema.as_ref().map(|name| name.as_str()));
    format!("{word}({})", attr.args.join(", "))
}

fn column_tail(column: &ColumnDecl, attr: &mut Attr) {
    attr.text("collation", column.collation.as_ref().map(|name| name.as_str()));
    attr.text("comment", column.comment.as_deref());
    attr.args.extend(options("options", &column.options));
    attr.text("renamed_from", column.renamed_from.as_ref().map(|name| name.as_str()));
}

/// Adds a word to a field that may have a name; a second one of the same word does not fit.
fn at_field(attr: &mut Attr, word: &str, name: Option<&At<String>>) -> bool {
    let taken = attr
        .args
        .iter()
        .any(|arg| arg == word || arg.starts_with(&format!("{word} = ")));
    if taken {
        return false;
    }
    match name {
        None => attr.arg(word),
        Some(name) => attr.text(word, Some(name.as_str())),
    }
    true
}

fn uniques(decl: &TableDecl, attrs: &mut Attrs) {
    for unique in &decl.uniques {
        let plain = !unique.nulls_not_distinct
            && unique.deferrable == Deferrable::No
            && unique.storage == StorageDecl::default();
        if let Some(index) = only(decl, &unique.columns).filter(|_| plain)
            && at_field(&mut attrs.fields[index], "unique", unique.name.as_ref())
        {
            continue;
        }
        let mut attr = Attr::new("unique");
        attr.arg(fields("columns", &unique.columns));
        attr.text("name", unique.name.as_ref().map(|name| name.as_str()));
        attr.flag("nulls_not_distinct", unique.nulls_not_distinct);
        deferrable(unique.deferrable, &mut attr);
        storage(&unique.storage, &mut attr);
        attrs.table.push(attr);
    }
}

fn part(part: &PartDecl, operator: Option<&str>) -> String {
    let key = match &part.key {
        PartKey::Column(field) => rust_ident(field),
        PartKey::Expr(sql) => literal(sql),
    };
    let mut attr = Attr::new("part");
    attr.text("with", operator);
    attr.flag("desc", part.descending);
    if let Some(first) = part.nulls_first {
        attr.arg(if first { "nulls_first" } else { "nulls_last" });
    }
    attr.word("opclass", part.opclass.as_ref().map(|class| class.as_str()));
    attr.args.extend(options("parameters", &part.parameters));
    attr.text("collation", part.collation.as_ref().map(|name| name.as_str()));
    if attr.args.is_empty() {
        key
    } else {
        format!("{key}({})", attr.args.join(", "))
    }
}

fn indexes(decl: &TableDecl, attrs: &mut Attrs) {
    for index in &decl.indexes {
        if let Some(at) = plain_column(decl, index)
            && at_field(&mut attrs.fields[at], "index", index.name.as_ref())
        {
            continue;
        }
        let mut attr = Attr::new("index");
        match &index.parts[..] {
            [
                PartDecl {
                    key: PartKey::Expr(sql),
                    ..
                },
            ] if index.parts[0] == PartDecl::new(PartKey::Expr(sql.clone())) => attr.text("expr", Some(sql)),
            parts => {
                let parts: Vec<String> = parts.iter().map(|one| part(one, None)).collect();
                attr.arg(format!("columns({})", parts.join(", ")));
            }
        }
        attr.text("name", index.name.as_ref().map(|name| name.as_str()));
        attr.flag("unique", index.unique);
        attr.flag("nulls_not_distinct", index.nulls_not_distinct);
        attr.word("method", index.method.as_ref().map(|name| name.as_str()));
        attr.text("where", index.predicate.as_ref().map(|sql| sql.as_str()));
        storage(&index.storage, &mut attr);
        attrs.table.push(attr);
    }
}

/// The field of an index over one column, of which nothing else is said.
fn plain_column(decl: &TableDecl, index: &IndexDecl) -> Option<usize> {
    let [part] = &index.parts[..] else { return None };
    let PartKey::Column(field) = &part.key else { return None };
    let plain = IndexDecl {
        name: index.name.clone(),
        parts: vec![PartDecl::new(part.key.clone())],
        place: index.place.clone(),
        ..IndexDecl::default()
    };
    (*index == plain)
        .then(|| only(decl, std::slice::from_ref(field)))
        .flatten()
}

fn checks(decl: &TableDecl, attrs: &mut Attrs) {
    for check in &decl.checks {
        let of = check.column.as_ref();
        let index = of.and_then(|field| decl.columns.iter().position(|column| *column.field == *field));
        if let Some(index) = index
            && at_field(&mut attrs.fields[index], "check", Some(&check.expr))
        {
            continue;
        }
        let mut attr = Attr::new("check");
        attr.text("name", check.name.as_ref().map(|name| name.as_str()));
        attr.text("expr", Some(check.expr.as_str()));
        attr.flag("not_valid", check.not_valid);
        attr.flag("no_inherit", check.no_inherit);
        attr.text("comment", check.comment.as_deref());
        attrs.table.push(attr);
    }
}

fn exclusions(decl: &TableDecl, attrs: &mut Attrs) {
    for exclusion in &decl.exclusions {
        let parts = exclusion.parts.iter();
        let parts: Vec<String> = parts.map(|(one, operator)| part(one, Some(operator))).collect();
        let mut attr = Attr::new("exclude");
        attr.arg(format!("columns({})", parts.join(", ")));
        attr.text("name", exclusion.name.as_ref().map(|name| name.as_str()));
        attr.word("method", exclusion.method.as_ref().map(|name| name.as_str()));
        attr.text("where", exclusion.predicate.as_ref().map(|sql| sql.as_str()));
        deferrable(exclusion.deferrable, &mut attr);
        storage(&exclusion.storage, &mut attr);
        attrs.table.push(attr);
    }
}

fn action(action: Action) -> Option<&'static str> {
    match action {
        Action::NoAction => None,
        Action::Restrict => Some("restrict"),
        Action::Cascade => Some("cascade"),
        Action::SetNull => Some("set_null"),
        Action::SetDefault => Some("set_default"),
    }
}

fn foreign_keys(decl: &TableDecl, attrs: &mut Attrs) {
    for key in &decl.foreign_keys {
        let plain = ForeignKeyDecl {
            name: key.name.clone(),
            on_delete: key.on_delete,
            on_update: key.on_update,
            deferrable: key.deferrable,
            ..ForeignKeyDecl::new(key.columns.clone(), key.table.clone(), key.referenced.clone())
        };
        let at = only(decl, &key.columns).filter(|_| *key == plain);
        let at = at.filter(|index| {
            !attrs.fields[*index]
                .args
                .iter()
                .any(|arg| arg.starts_with("references = "))
        });
        if let (Some(index), [field]) = (at, &key.referenced[..]) {
            let attr = &mut attrs.fields[index];
            attr.arg(format!("references = {}::{}", path(&key.table), rust_ident(field)));
            attr.word("on_delete", action(key.on_delete));
            attr.word("on_update", action(key.on_update));
            deferrable(key.deferrable, attr);
            attr.text("foreign_key_name", key.name.as_ref().map(|name| name.as_str()));
            continue;
        }
        let mut attr = Attr::new("foreign_key");
        attr.arg(fields("columns", &key.columns));
        attr.arg(format!("references = {}({})", path(&key.table), list(&key.referenced)));
        attr.text("name", key.name.as_ref().map(|name| name.as_str()));
        attr.flag("match_full", key.match_full);
        attr.word("on_delete", action(key.on_delete));
        attr.word("on_update", action(key.on_update));
        attr.flag("although_required", key.although_required);
        if !key.set_columns.is_empty() {
            attr.arg(fields("set_columns", &key.set_columns));
        }
        deferrable(key.deferrable, &mut attr);
        attr.flag("not_valid", key.not_valid);
        attr.text("comment", key.comment.as_deref());
        attrs.table.push(attr);
    }
}

/// The relations of a struct.
#[must_use]
pub fn relations(decl: &TableDecl) -> Vec<Attr> {
    let relations = decl.relations.iter();
    relations.map(|one| relation(one, &decl.ident)).collect()
}

/// One relation.
fn relation(decl: &RelationDecl, this: &str) -> Attr {
    let mut attr = Attr::new(decl.kind.as_str());
    attr.arg(format!("{}: {}", rust_ident(&decl.name), path(&decl.target)));
    let usual = match decl.kind {
        RelationKind::BelongsTo => format!("{}_id", snake_case(&decl.name)),
        _ => format!("{}_id", snake_case(this)),
    };
    if let Some(through) = &decl.through {
        attr.arg(format!("through = {}", path(through)));
    }
    let mut key = |word: &str, names: &[At<String>]| match names {
        [] => {}
        [one] => attr.arg(format!("{word} = {}", rust_ident(one))),
        several => attr.arg(fields(word, several)),
    };
    if !matches!(&decl.key[..], [one] if **one == usual) {
        key("key", &decl.key);
    }
    key("references", &decl.references);
    let target = decl.target.last().map(|target| format!("{}_id", snake_case(target)));
    if !matches!((&decl.target_key[..], &target), ([one], Some(usual)) if **one == *usual) {
        key("target_key", &decl.target_key);
    }
    attr
}
