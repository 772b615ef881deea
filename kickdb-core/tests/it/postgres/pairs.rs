//! Pairs of databases made by hand: from one to the other and back, held by what the server itself tells of both.

use std::collections::BTreeMap;

use kickdb_core::dialect::live::told_within;
use kickdb_core::diff::Renames;
use kickdb_core::ir::Schema;
use kickdb_core::plan::{Script, plan};

use super::{Postgres, Server, text};

mod cases;
mod files;
mod random;
mod renamed;

/// What is in the database, in the server's own words: nothing of it goes through the catalog that is under test.
const FINGERPRINT: &[&str] = &[
    "SELECT 'schema', nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'",
    "SELECT 'table', n.nspname, c.relname, c.relkind::text, c.relrowsecurity::text, c.relforcerowsecurity::text,
       c.relpersistence::text, pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid), (SELECT string_agg(o, ',' ORDER BY o) FROM unnest(c.reloptions) o),
       (SELECT m.amname::text FROM pg_am m WHERE m.oid = c.relam), c.relreplident::text,
       (SELECT string_agg(i.inhparent::regclass::text, ',' ORDER BY i.inhparent::regclass::text) FROM pg_inherits i WHERE i.inhrelid = c.oid)
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'",
    "SELECT 'column', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull::text,
       pg_get_expr(d.adbin, d.adrelid), a.attidentity::text, a.attgenerated::text, a.attcollation::regcollation::text, a.attstorage::text,
       coalesce((to_jsonb(a) ->> 'attstattarget')::integer, -1)::text, (to_jsonb(a) ->> 'attcompression')
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'",
    "SELECT 'constraint', k.conrelid::regclass::text, k.conname, pg_get_constraintdef(k.oid), k.convalidated::text
     FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
     WHERE k.conrelid <> 0 AND k.contype <> 'n' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'",
    "SELECT 'index', i.indrelid::regclass::text, pg_get_indexdef(i.indexrelid), i.indisvalid::text, i.indisclustered::text, i.indisreplident::text,
       (SELECT h.inhparent::regclass::text FROM pg_inherits h WHERE h.inhrelid = i.indexrelid)
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'",
    "SELECT 'enum', n.nspname, t.typname, array_agg(e.enumlabel ORDER BY e.enumsortorder)::text FROM pg_enum e
     JOIN pg_type t ON t.oid = e.enumtypid JOIN pg_namespace n ON n.oid = t.typnamespace GROUP BY 1, 2, 3",
    "SELECT 'sequence', s.seqrelid::regclass::text, format_type(s.seqtypid, NULL), s.seqstart::text, s.seqincrement::text,
       s.seqmax::text, s.seqmin::text, s.seqcache::text, s.seqcycle::text, (SELECT relpersistence FROM pg_class WHERE oid = s.seqrelid)::text, d.refobjid::regclass::text,
       (SELECT attname FROM pg_attribute WHERE attrelid = d.refobjid AND attnum = d.refobjsubid)::text
     FROM pg_sequence s
     LEFT JOIN pg_depend d ON d.objid = s.seqrelid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0",
    "SELECT 'comment', d.classoid::regclass::text, coalesce(c.relname, k.conname), a.attname, d.description
     FROM pg_description d
     LEFT JOIN pg_class c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass
     LEFT JOIN pg_constraint k ON k.oid = d.objoid AND d.classoid = 'pg_constraint'::regclass
     LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0
     WHERE coalesce(c.relnamespace, k.connamespace) IN (SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')",
    "SELECT 'view', c.oid::regclass::text, c.relkind::text, pg_get_viewdef(c.oid), c.reloptions::text FROM pg_class c
     JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('v', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'",
    // Since PostgreSQL 17 NOT NULL of a domain is a constraint with a name, which is chosen anew where a domain is made again.
    "SELECT 'domain', t.oid::regtype::text, format_type(t.typbasetype, t.typtypmod), t.typnotnull::text, t.typdefault,
       (SELECT string_agg(k.conname || ' ' || pg_get_constraintdef(k.oid), ';' ORDER BY k.conname) FROM pg_constraint k WHERE k.contypid = t.oid
        AND k.contype <> 'n')
     FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
     WHERE t.typtype = 'd' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'",
    "SELECT 'composite', c.oid::regclass::text, a.attname, format_type(a.atttypid, a.atttypmod), a.attnum::text FROM pg_class c
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE c.relkind = 'c'",
    "SELECT 'function', pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE p.prokind <> 'a' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'",
    "SELECT 'trigger', pg_get_triggerdef(t.oid), t.tgenabled::text FROM pg_trigger t WHERE NOT t.tgisinternal",
    "SELECT 'policy', tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies",
    "SELECT 'statistics', pg_get_statisticsobjdef(s.oid), (to_jsonb(s) ->> 'stxstattarget') FROM pg_statistic_ext s",
    "SELECT 'range', r.rngtypid::regtype::text, r.rngsubtype::regtype::text, r.rngsubdiff::regproc::text FROM pg_range r WHERE r.rngtypid >= 16384",
    "SELECT 'collation', c.collname, c.collprovider::text, to_jsonb(c) - 'oid' - 'collversion' - 'collowner' - 'collnamespace' FROM pg_collation c WHERE c.oid >= 16384",
    "SELECT 'operator', o.oid::regoperator::text, o.oprcode::text, o.oprcom::regoperator::text, o.oprnegate::regoperator::text FROM pg_operator o WHERE o.oid >= 16384",
    "SELECT 'cast', c.castsource::regtype::text, c.casttarget::regtype::text, c.castfunc::regprocedure::text, c.castcontext::text
     FROM pg_cast c WHERE c.oid >= 16384",
    "SELECT 'operator class', c.opcname, c.opcintype::regtype::text, c.opcdefault::text, f.opfname, p.amprocnum::text, p.amproc::regprocedure::text
     FROM pg_opclass c JOIN pg_opfamily f ON f.oid = c.opcfamily LEFT JOIN pg_amproc p ON p.amprocfamily = f.oid WHERE c.oid >= 16384",
    "SELECT 'operator family', f.opfname FROM pg_opfamily f WHERE f.oid >= 16384",
    "SELECT 'aggregate', a.aggfnoid::regprocedure::text, a.aggtransfn::text, a.agginitval, a.aggfinalmodify::text, a.aggmfinalmodify::text, a.aggmfinalextra::text FROM pg_aggregate a WHERE a.aggfnoid >= 16384",
    "SELECT 'dictionary', d.dictname, t.tmplname, d.dictinitoption FROM pg_ts_dict d JOIN pg_ts_template t ON t.oid = d.dicttemplate WHERE d.oid >= 16384",
    "SELECT 'configuration', c.cfgname, m.maptokentype::text, m.mapseqno::text, m.mapdict::regdictionary::text
     FROM pg_ts_config c LEFT JOIN pg_ts_config_map m ON m.mapcfg = c.oid WHERE c.oid >= 16384",
    "SELECT 'wrapper', w.fdwname, w.fdwoptions::text, w.fdwvalidator::regproc::text FROM pg_foreign_data_wrapper w",
    "SELECT 'server', s.srvname, s.srvtype, s.srvversion, (SELECT string_agg(o, ',' ORDER BY o) FROM unnest(s.srvoptions) o) FROM pg_foreign_server s",
    "SELECT 'foreign table', f.ftrelid::regclass::text, f.ftoptions::text, a.attname, a.attfdwoptions::text, format_type(a.atttypid, a.atttypmod), a.attnotnull::text,
       pg_get_expr(d.adbin, d.adrelid), col_description(a.attrelid, a.attnum), pg_get_expr(c.relpartbound, c.oid)
     FROM pg_foreign_table f JOIN pg_class c ON c.oid = f.ftrelid JOIN pg_attribute a ON a.attrelid = f.ftrelid AND a.attnum > 0 AND NOT a.attisdropped
     LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum",
    "SELECT 'publication', p.pubname, p.puballtables::text, p.pubinsert::text, p.pubdelete::text, p.pubviaroot::text FROM pg_publication p",
    "SELECT 'published', p.pubname, p.schemaname, p.tablename, to_jsonb(p) -> 'attnames', to_jsonb(p) ->> 'rowfilter' FROM pg_publication_tables p",
    "SELECT 'event trigger', e.evtname, e.evtevent, e.evtenabled::text, e.evttags::text, e.evtfoid::regproc::text FROM pg_event_trigger e",
    "SELECT 'typed', c.oid::regclass::text, c.reloftype::regtype::text FROM pg_class c WHERE c.reloftype <> 0",
    "SELECT 'looked at', a.attrelid::regclass::text, a.attnum::text, coalesce((to_jsonb(a) ->> 'attstattarget')::integer, -1)::text,
       (SELECT string_agg(o, ',' ORDER BY o) FROM unnest(a.attoptions) o WHERE o LIKE 'n\\_distinct%'), a.attstorage::text, to_jsonb(a) ->> 'attcompression', (SELECT i.indisclustered::text FROM pg_index i WHERE i.indexrelid = c.oid)
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('i', 'I', 'm') AND a.attnum > 0 AND n.nspname !~ '^pg_'",
    "SELECT 'note', d.classoid::regclass::text, d.description FROM pg_description d WHERE d.objoid >= 16384",
];

impl Server {
    async fn fingerprint(&mut self) -> Vec<String> {
        let mut all = Vec::new();
        // So that every name in a definition is qualified.
        self.execute("SET LOCAL search_path = pg_catalog").await;
        for sql in FINGERPRINT {
            let sql = format!("SELECT ROW(x.*)::text FROM ({sql}) x");
            all.extend(self.rows(&sql).await);
        }
        self.execute("RESET search_path").await;
        all.sort();
        all
    }

    /// The values of each column of the tables, as text and in order; of those that are partitioned, with all partitions.
    async fn contents(&mut self) -> BTreeMap<String, String> {
        let tables = self
            .rows("SELECT CASE c.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END || c.oid::regclass::text FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace")
            .await;
        let mut all = BTreeMap::new();
        for table in tables {
            let columns = self
                .rows(&format!(
                    "SELECT key || '=' || string_agg(value::text, ', ' ORDER BY value::text)
                     FROM {table} kick_row, jsonb_each(to_jsonb(kick_row)) GROUP BY key"
                ))
                .await;
            let pairs = columns.iter().filter_map(|line| line.split_once('='));
            all.extend(pairs.map(|(column, values)| (format!("{table}.{column}"), values.to_owned())));
        }
        all
    }

    async fn known(&mut self, sql: &str) -> (Schema, Vec<String>) {
        self.execute("BEGIN").await;
        self.execute(sql).await;
        let schema = told_within(&mut *self.connection).await.unwrap();
        let known = (schema, self.fingerprint().await);
        self.end("ROLLBACK").await;
        known
    }

    /// What is wrong on the way from `a` to `b` and back; `None` where nothing is. The rows of what both have must still be
    /// there.
    async fn walk(&mut self, a: &str, b: &str) -> Option<String> {
        let (first, second) = (self.known(a).await, self.known(b).await);
        self.execute("BEGIN").await;
        self.execute(a).await;
        let before = self.contents().await;
        let mut kept = before.clone();
        let mut wrong = None;
        for (from, to) in [(&first, &second), (&second, &first)] {
            wrong = self.step(from, to).await.err();
            if wrong.is_some() {
                break;
            }
            let now = self.contents().await;
            kept.retain(|column, _| now.contains_key(column));
        }
        if wrong.is_none() {
            let after = self.contents().await;
            let lost = kept
                .iter()
                .filter(|(column, values)| after.get(*column) != Some(values));
            let lost: Vec<String> = lost
                .map(|(column, values)| format!("{column}: {values} became {:?}", after.get(column)))
                .collect();
            wrong = (!lost.is_empty()).then(|| lost.join("\n"));
        }
        self.end("ROLLBACK").await;
        wrong
    }

    async fn step(&mut self, from: &(Schema, Vec<String>), to: &(Schema, Vec<String>)) -> Result<(), String> {
        let plan = plan(&from.0, &to.0, &Renames::default(), &Postgres).map_err(|error| error.to_string())?;
        if from.1 == to.1 && !plan.up.steps.is_empty() {
            return Err(format!("nothing is to be done, but:\n{}", text(&plan.up)));
        }
        self.arrive(&plan.up, to).await
    }

    /// Whether the script leads to just that.
    async fn arrive(&mut self, script: &Script, to: &(Schema, Vec<String>)) -> Result<(), String> {
        for step in &script.steps {
            let done = self.try_execute(&step.sql).await;
            done.map_err(|error| format!("{error}\n{}\n\nin:\n{}", step.sql, text(script)))?;
        }
        let again = told_within(&mut *self.connection)
            .await
            .map_err(|error| error.to_string())?;
        match kickdb_core::plan::plan(&again, &to.0, &Renames::default(), &Postgres) {
            Ok(rest) if rest.up.steps.is_empty() => {}
            Ok(rest) => {
                return Err(format!(
                    "more is to be done:\n{}\n\nafter:\n{}",
                    text(&rest.up),
                    text(script)
                ));
            }
            Err(error) => return Err(error.to_string()),
        }
        let now = self.fingerprint().await;
        let missing = to.1.iter().filter(|line| !now.contains(line));
        let extra = now.iter().filter(|line| !to.1.contains(line));
        let lines: Vec<String> = missing
            .map(|line| format!("- {line}"))
            .chain(extra.map(|line| format!("+ {line}")))
            .collect();
        match lines.is_empty() {
            true => Ok(()),
            false => Err(format!("{}\n\nafter:\n{}", lines.join("\n"), text(script))),
        }
    }
}

#[tokio::test]
async fn every_pair_goes_there_and_back() {
    let Some(mut server) = Server::empty().await else {
        return;
    };
    let wanted = std::env::var("KICKDB_TEST_CASE").unwrap_or_default();
    let mut wrong = Vec::new();
    for (name, since, a, b) in cases::all() {
        if !name.contains(&wanted) || !super::is_at_least(since) {
            continue;
        }
        if let Some(what) = server.walk(a, b).await {
            wrong.push(format!("== {name}\n{what}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
