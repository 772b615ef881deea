//! What MariaDB tells about itself: six queries over `information_schema`, whatever the number of tables.
//!
//! Each row is a JSON document of its own. One document for all rows (`JSON_ARRAYAGG`) would be cut at
//! `group_concat_max_len`, with a mere warning.

mod partitions;
mod read;

use super::Mysql;
use crate::dialect::{Catalog, CatalogError, Normalize};
use crate::ir::Schema;

impl Catalog for Mysql {
    fn catalog_queries(&self) -> &'static [&'static str] {
        &[TABLES, COLUMNS, INDEXES, FOREIGN_KEYS, CHECKS, PARTITIONS]
    }

    fn unread_query(&self) -> &'static str {
        UNREAD
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
  'comment', TABLE_COMMENT, 'versioned', TABLE_TYPE <> 'BASE TABLE', 'usual', @@collation_database)
FROM information_schema.TABLES
WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') AND LEFT(TABLE_NAME, 5) <> 'kick_'
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

const UNREAD: &str = "\
SELECT CONCAT(CASE TABLE_TYPE WHEN 'VIEW' THEN 'view' WHEN 'SEQUENCE' THEN 'sequence' ELSE 'table' END, ' ', TABLE_NAME)
FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND LEFT(TABLE_NAME, 5) <> 'kick_'
UNION ALL SELECT CONCAT('trigger ', TRIGGER_NAME, ' on ', EVENT_OBJECT_TABLE)
FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() AND LEFT(EVENT_OBJECT_TABLE, 5) <> 'kick_'
UNION ALL SELECT CONCAT(LOWER(ROUTINE_TYPE), ' ', ROUTINE_NAME)
FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()
UNION ALL SELECT CONCAT('event ', EVENT_NAME)
FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()
ORDER BY 1";
