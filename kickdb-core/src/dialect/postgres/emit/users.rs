//! Whom a server that is made again knows: it forgets them with the old one, and a schema does not say them.

use crate::dialect::postgres::syntax::{block, literal};
use crate::diff::Change;
use crate::ir::ObjectKind;

/// A block before the first change that keeps the user mappings in a setting of the session, and one after the last that makes
/// them again. `None` where no server is made again.
pub(super) fn kept(changes: &[Change]) -> Option<(String, String)> {
    let remade = changes.iter().enumerate().filter_map(|(at, change)| match change {
        Change::DropObject { id, .. } if id.kind == ObjectKind::Server => {
            let comes = |change: &Change| matches!(change, Change::CreateObject { id: other, .. } if other == id);
            changes[at..].iter().any(comes).then_some(&id.name.name)
        }
        _ => None,
    });
    let names = remade.map(|name| literal(name.as_str())).collect::<Vec<_>>();
    if names.is_empty() {
        return None;
    }
    let servers = names.join(", ");
    // The server shows options to whom they are for and to superusers alone (`pg_user_mappings`).
    let keep = format!(
        "DECLARE\n  hidden text;\nBEGIN\n  \
         SELECT format('%s on %s', usename, srvname) INTO hidden FROM pg_user_mappings\n  \
         WHERE srvname IN ({servers}) AND umoptions IS NULL AND umuser <> 0 AND usename <> current_user\n    \
         AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) LIMIT 1;\n  \
         IF hidden IS NOT NULL THEN\n    \
         RAISE EXCEPTION 'the server is made again, and the options of the user mapping of % cannot be read', hidden\n      \
         USING HINT = 'Let a superuser do it, or drop the mapping first.';\n  END IF;\n  \
         PERFORM set_config('kickdb.users', coalesce(string_agg(format('CREATE USER MAPPING FOR %s SERVER %I%s',\n    \
         CASE umuser WHEN 0 THEN 'PUBLIC' ELSE quote_ident(usename) END, srvname,\n    \
         (SELECT ' OPTIONS (' || string_agg(format('%I %L', option_name, option_value), ', ') || ')' FROM pg_options_to_table(umoptions))), '; '), ''), false)\n  \
         FROM pg_user_mappings WHERE srvname IN ({servers});\nEND"
    );
    let give_back = "BEGIN\n  EXECUTE coalesce(current_setting('kickdb.users', true), '');\n  \
         PERFORM set_config('kickdb.users', '', false);\nEND";
    Some((block(&keep), block(give_back)))
}
