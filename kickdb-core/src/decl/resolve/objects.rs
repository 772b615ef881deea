use super::Linker;
use crate::decl::{At, Item, ObjectDecl, Place, Problem, SqlText, nearest};
use crate::dialect::ALL;
use crate::plan::statements;

impl Linker<'_> {
    /// Reads the statements that make views, functions, triggers and the like, then those that say more of what is there.
    pub(super) fn read_objects(&mut self, items: &[Item]) {
        let mut more = Vec::new();
        for item in items {
            if let Item::Object(decl) = item {
                for dialect in &decl.dialects {
                    self.check_dialect(dialect);
                }
                let own = self.dialect.id().as_str();
                if decl.dialects.is_empty() || decl.dialects.iter().any(|dialect| dialect.value == own) {
                    self.read_object(decl, &mut more);
                }
            }
        }
        for (place, sql, message) in more {
            let amended = self.dialect.amend(sql, &mut self.out.schema);
            let message = match amended {
                Some(Ok(())) => continue,
                Some(Err(message)) => message,
                None => message,
            };
            let shown = sql.lines().next().unwrap_or_default();
            let problem = Problem::new(&place, format!("{message}: `{shown}`"));
            self.problems.push(problem.help(
                "each statement makes one object: a view, a function, a trigger or another thing that is no table",
            ));
        }
    }

    pub(super) fn check_dialect(&mut self, dialect: &At<String>) {
        let known = ALL.iter().map(|dialect| dialect.id().as_str()).collect::<Vec<_>>();
        if known.contains(&dialect.value.as_str()) {
            return;
        }
        let list = known
            .iter()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join(", ");
        let help = match nearest(&dialect.value, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? There are {list}"),
            None => format!("there are {list}"),
        };
        let problem = Problem::new(
            &dialect.place,
            format!("`{}` is no engine that kickdb knows", dialect.value),
        );
        self.problems.push(problem.help(help));
    }

    /// Reads what one constant makes. What makes nothing is left in `more`, with its place and why it makes nothing.
    fn read_object<'d>(&mut self, decl: &'d ObjectDecl, more: &mut Vec<(Place, &'d str, String)>) {
        let place = decl.sql.place.or(&decl.ident.place);
        let SqlText::Text(text) = &decl.sql.value else {
            let problem = Problem::new(&place, format!("the file of `{}` was not read", decl.ident.value));
            self.problems
                .push(problem.help("write `include_str!` with a path relative to this file"));
            return;
        };
        let found = statements(text, self.dialect.lexis());
        if found.is_empty() {
            let problem = Problem::new(&place, format!("`{}` holds no statement", decl.ident.value));
            self.problems
                .push(problem.help("write what makes the object: `CREATE VIEW … AS …`"));
        }
        for statement in found {
            match self.dialect.read_object(statement.sql) {
                Ok((id, object)) => {
                    self.out.schema.namespaces.extend(id.name.schema.clone());
                    if let Some(other) = self.out.objects.insert(id.clone(), place.clone()) {
                        let problem = Problem::new(&place, format!("the {id} is declared twice"));
                        self.problems
                            .push(problem.note(&other, "the other one").help("remove one of them"));
                    }
                    self.out.schema.objects.insert(id, object);
                }
                Err(message) => more.push((place.clone(), statement.sql, message)),
            }
        }
    }
}
