//! What MariaDB tells about itself: eleven queries over `information_schema` and one over its sequences, whatever the number
//! of tables.
//!
//! Each row is a JSON document of its own. One document for all rows (`JSON_ARRAYAGG`) would be cut at
//! `group_concat_max_len`, with a mere warning.

mod column;
mod from_list;
mod meet;
mod objects;
mod partitions;
mod read;
mod rows;
mod shown;

use super::Mysql;
use super::syntax::{ident_str, literal};
use crate::dialect::{Catalog, CatalogError, Normalize};
use crate::ir::Schema;

impl Catalog for Mysql {
    fn catalog_queries(&self) -> &'static [&'static str] {
        &[
            TABLES,
            COLUMNS,
            INDEXES,
            FOREIGN_KEYS,
            CHECKS,
            PARTITIONS,
            VIEWS,
            TRIGGERS,
            ROUTINES,
            PARAMETERS,
            EVENTS,
        ]
    }

    /// Before MariaDB 11.5 no table tells what sequences count: each of them is asked, all in one query. Tables that may have
    /// what no table tells are asked one by one, bodies that are not told word for word all in one query; and where nobody
    /// points to anything, whether that can be seen.
    fn further_queries(&self, answers: &[String]) -> Result<Vec<String>, CatalogError> {
        let sequences = read::sequences(answers.first().map_or("", String::as_str))?;
        let one = |name: &String| {
            format!(
                "SELECT JSON_OBJECT('name', {}, 'start', start_value, 'increment', increment, 'least', minimum_value, \
                 'most', maximum_value, 'cache', cache_size, 'cycle', cycle_option) FROM {}",
                literal(name),
                ident_str(name)
            )
        };
        let all: Vec<String> = sequences.iter().map(one).collect();
        let sequences = (!all.is_empty()).then(|| all.join(" UNION ALL "));
        let doubtful = read::doubtful(answers)?;
        let shown = doubtful
            .iter()
            .map(|table| format!("SHOW CREATE TABLE {}", ident_str(table)));
        let bodies = read::body_query(answers)?;
        let half = Some(read::half_seen(answers)?);
        let positions = read::positions(answers)?.map(str::to_owned);
        Ok(sequences
            .into_iter()
            .chain(half)
            .chain(positions)
            .chain(shown)
            .chain(bodies)
            .collect())
    }

    fn told_queries(&self, answers: &[String]) -> Result<Vec<String>, CatalogError> {
        read::told_queries(answers)
    }

    fn unread_query(&self) -> &'static str {
        UNREAD
    }

    fn usual_query(&self) -> Option<&'static str> {
        Some("SELECT CONCAT_WS('\n', @@collation_database, @@GLOBAL.sql_mode, @@GLOBAL.time_zone)")
    }

    fn meet(&self, from: &mut Schema, to: &mut Schema, usual: [&str; 2]) {
        meet::both(from, to, usual);
    }

    fn set_broken_aside(&self, from: &Schema, to: &mut Schema) -> Vec<String> {
        meet::set_broken_aside(from, to)
    }

    fn read_catalog(&self, answers: &[String]) -> Result<Schema, CatalogError> {
        let mut schema = read::schema(answers)?;
        // What the server has it can have, whatever a declaration may not say: a unique key over a text, for one.
        let _refusals = self.normalize(&mut schema);
        Ok(schema)
    }
}

const TABLES: &str = "\
SELECT JSON_OBJECT('table', TABLE_NAME, 'engine', ENGINE, 'collation', TABLE_COLLATION, 'options', CREATE_OPTIONS,
  'comment', TABLE_COMMENT, 'kind', TABLE_TYPE, 'usual', @@collation_database)
FROM information_schema.TABLES
WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'SEQUENCE') AND LEFT(TABLE_NAME, 5) <> 'kick_'
ORDER BY TABLE_NAME";

const COLUMNS: &str = "\
SELECT JSON_OBJECT('table', TABLE_NAME, 'name', COLUMN_NAME, 'type', COLUMN_TYPE, 'nullable', IS_NULLABLE = 'YES',
  'value', COLUMN_DEFAULT, 'extra', EXTRA, 'collation', COLLATION_NAME, 'comment', COLUMN_COMMENT,
  'expression', GENERATION_EXPRESSION, 'server', VERSION())
FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = DATABASE() AND LEFT(TABLE_NAME, 5) <> 'kick_'
ORDER BY TABLE_NAME, ORDINAL_POSITION";

/// MySQL alone has indexes on expressions, and only its `STATISTICS` has a column for them; MariaDB leaves a comment that
/// starts with a version from 50700 to 99999 alone.
const INDEXES: &str = "\
SELECT JSON_OBJECT('table', TABLE_NAME, 'name', INDEX_NAME, 'unique', NON_UNIQUE = 0, 'kind', INDEX_TYPE,
  'column', COLUMN_NAME, 'prefix', SUB_PART, 'descending', COLLATION <=> 'D', 'comment', NULLIF(INDEX_COMMENT, ''),
  'ignored', FALSE /*M!100600 OR IGNORED = 'YES' */ /*!80013 , 'expression', EXPRESSION */)
FROM information_schema.STATISTICS
WHERE TABLE_SCHEMA = DATABASE() AND LEFT(TABLE_NAME, 5) <> 'kick_'
ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX";

const FOREIGN_KEYS: &str = "\
SELECT JSON_OBJECT('table', k.TABLE_NAME, 'name', k.CONSTRAINT_NAME, 'column', k.COLUMN_NAME,
  'schema', NULLIF(k.REFERENCED_TABLE_SCHEMA, DATABASE()), 'references', k.REFERENCED_TABLE_NAME,
  'referenced', k.REFERENCED_COLUMN_NAME, 'on_delete', r.DELETE_RULE, 'on_update', r.UPDATE_RULE)
FROM information_schema.KEY_COLUMN_USAGE k
JOIN information_schema.REFERENTIAL_CONSTRAINTS r ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA
  AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME
WHERE k.TABLE_SCHEMA = DATABASE() AND r.CONSTRAINT_SCHEMA = DATABASE() AND k.REFERENCED_TABLE_NAME IS NOT NULL
  AND LEFT(k.TABLE_NAME, 5) <> 'kick_'
ORDER BY k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION";

/// A check belongs to a table; in MySQL, whose names of checks are unique in a database, it does not say to which.
const CHECKS: &str = "\
SELECT JSON_OBJECT('table', t.TABLE_NAME, 'name', c.CONSTRAINT_NAME, 'clause', c.CHECK_CLAUSE,
  'of_column', FALSE /*M! OR c.LEVEL = 'Column' */, 'told_level', FALSE /*M! OR TRUE */)
FROM information_schema.CHECK_CONSTRAINTS c
JOIN information_schema.TABLE_CONSTRAINTS t ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA
  AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME AND t.CONSTRAINT_TYPE = 'CHECK' /*M! AND t.TABLE_NAME = c.TABLE_NAME */
WHERE c.CONSTRAINT_SCHEMA = DATABASE() AND t.TABLE_SCHEMA = DATABASE() AND LEFT(t.TABLE_NAME, 5) <> 'kick_'
ORDER BY t.TABLE_NAME, c.CONSTRAINT_NAME";

const PARTITIONS: &str = "\
SELECT JSON_OBJECT('table', TABLE_NAME, 'name', PARTITION_NAME, 'sub', SUBPARTITION_NAME, 'method', PARTITION_METHOD,
  'sub_method', SUBPARTITION_METHOD, 'by', PARTITION_EXPRESSION, 'sub_by', SUBPARTITION_EXPRESSION,
  'rows', PARTITION_DESCRIPTION, 'comment', PARTITION_COMMENT)
FROM information_schema.PARTITIONS
WHERE TABLE_SCHEMA = DATABASE() AND PARTITION_NAME IS NOT NULL AND LEFT(TABLE_NAME, 5) <> 'kick_'
ORDER BY TABLE_NAME, PARTITION_ORDINAL_POSITION, SUBPARTITION_ORDINAL_POSITION";

/// What a user has no right to see is not told at all.
const UNREAD: &str = "\
SELECT CONCAT(CASE TABLE_TYPE WHEN 'VIEW' THEN 'view' WHEN 'SEQUENCE' THEN 'sequence' ELSE 'table' END, ' ', TABLE_NAME)
FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND LEFT(TABLE_NAME, 5) <> 'kick_'
UNION ALL SELECT CONCAT('trigger ', TRIGGER_NAME, ' on ', EVENT_OBJECT_TABLE)
FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() AND LEFT(EVENT_OBJECT_TABLE, 5) <> 'kick_'
UNION ALL SELECT CONCAT(LOWER(ROUTINE_TYPE), ' ', ROUTINE_NAME)
FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() AND LEFT(ROUTINE_NAME, 5) <> 'kick_'
UNION ALL SELECT CONCAT('event ', EVENT_NAME)
FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE() AND LEFT(EVENT_NAME, 5) <> 'kick_'
UNION ALL SELECT CONCAT(what, ', if there are any, since this user may not see them: GRANT ', wanted, ' ON `', DATABASE(), '`.* TO ',
  CURRENT_USER())
FROM (SELECT 'triggers' AS what, 'TRIGGER' AS wanted UNION ALL SELECT 'events', 'EVENT' UNION ALL SELECT 'routines', 'EXECUTE') AS rights
WHERE COALESCE(CURRENT_ROLE(), 'NONE') = 'NONE'
  AND NOT EXISTS (SELECT 1 FROM information_schema.USER_PRIVILEGES WHERE PRIVILEGE_TYPE = wanted)
  AND NOT EXISTS (SELECT 1 FROM information_schema.SCHEMA_PRIVILEGES WHERE DATABASE() LIKE TABLE_SCHEMA AND PRIVILEGE_TYPE = wanted)
ORDER BY 1";

/// Who asks is the usual definer: then nothing is said of it, so that a schema is the same for another user.
const VIEWS: &str = "\
SELECT JSON_OBJECT('name', TABLE_NAME, 'select', VIEW_DEFINITION, 'check', CHECK_OPTION,
  'definer', NULLIF(DEFINER, CURRENT_USER()), 'invoker', SECURITY_TYPE = 'INVOKER', 'database', TABLE_SCHEMA,
  'connection', COLLATION_CONNECTION, 'client', CHARACTER_SET_CLIENT
  /*M! , 'algorithm', ALGORITHM */)
FROM information_schema.VIEWS
WHERE TABLE_SCHEMA = DATABASE() AND LEFT(TABLE_NAME, 5) <> 'kick_'
ORDER BY TABLE_NAME";

const TRIGGERS: &str = "\
SELECT JSON_OBJECT('name', TRIGGER_NAME, 'table', EVENT_OBJECT_TABLE, 'timing', ACTION_TIMING, 'event', EVENT_MANIPULATION,
  'order', ACTION_ORDER, 'body', ACTION_STATEMENT, 'definer', NULLIF(DEFINER, CURRENT_USER()), 'mode', SQL_MODE)
FROM information_schema.TRIGGERS
WHERE TRIGGER_SCHEMA = DATABASE() AND LEFT(EVENT_OBJECT_TABLE, 5) <> 'kick_'
ORDER BY TRIGGER_NAME";

const ROUTINES: &str = "\
SELECT JSON_OBJECT('name', ROUTINE_NAME, 'kind', ROUTINE_TYPE, 'returns', DTD_IDENTIFIER,
  'charset', CHARACTER_SET_NAME, 'collation', COLLATION_NAME, 'usual', DATABASE_COLLATION,
  'body', ROUTINE_DEFINITION, 'deterministic', IS_DETERMINISTIC = 'YES', 'data', SQL_DATA_ACCESS,
  'invoker', SECURITY_TYPE = 'INVOKER', 'comment', ROUTINE_COMMENT, 'definer', NULLIF(DEFINER, CURRENT_USER()),
  'mode', SQL_MODE)
FROM information_schema.ROUTINES
WHERE ROUTINE_SCHEMA = DATABASE() AND LEFT(ROUTINE_NAME, 5) <> 'kick_'
ORDER BY ROUTINE_NAME";

const PARAMETERS: &str = "\
SELECT JSON_OBJECT('routine', SPECIFIC_NAME, 'kind', ROUTINE_TYPE, 'mode', PARAMETER_MODE, 'name', PARAMETER_NAME,
  'type', DTD_IDENTIFIER, 'charset', CHARACTER_SET_NAME, 'collation', COLLATION_NAME, 'usual', @@collation_database)
FROM information_schema.PARAMETERS
WHERE SPECIFIC_SCHEMA = DATABASE() AND ORDINAL_POSITION > 0
ORDER BY SPECIFIC_NAME, ORDINAL_POSITION";

/// What starts when it was made was not told when to start.
const EVENTS: &str = "\
SELECT JSON_OBJECT('name', EVENT_NAME, 'body', EVENT_DEFINITION, 'at', CAST(EXECUTE_AT AS char), 'amount', INTERVAL_VALUE,
  'field', INTERVAL_FIELD, 'starts', CAST(NULLIF(STARTS, CREATED) AS char), 'ends', CAST(ENDS AS char),
  'preserve', ON_COMPLETION = 'PRESERVE', 'state', STATUS, 'comment', EVENT_COMMENT,
  'definer', NULLIF(DEFINER, CURRENT_USER()), 'mode', SQL_MODE, 'time_zone', TIME_ZONE)
FROM information_schema.EVENTS
WHERE EVENT_SCHEMA = DATABASE() AND LEFT(EVENT_NAME, 5) <> 'kick_'
ORDER BY EVENT_NAME";
