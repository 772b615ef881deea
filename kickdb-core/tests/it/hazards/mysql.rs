//! What the rules say about copies and locks, against what the server accepts.

use kickdb_testdb::Engine;

use super::engine::{Tried, slow};

const TABLES: &[&str] = &[
    "CREATE TABLE c (id int PRIMARY KEY, x int) ENGINE=InnoDB",
    "INSERT INTO c VALUES (1, 1), (2, 2)",
    "CREATE TABLE t (id int NOT NULL PRIMARY KEY, a int, b varchar(20), e enum('x', 'y'), n int NOT NULL, g point NOT NULL, \
     txt text) ENGINE=InnoDB",
    "INSERT INTO t VALUES (1, 1, 'a', 'x', 1, point(1, 1), 'x'), (2, 2, 'b', 'x', 2, point(1, 1), 'x')",
];

const PARTS: &[&str] = &[
    "ADD COLUMN z int NOT NULL DEFAULT 1",
    "ADD COLUMN z int FIRST",
    "ADD COLUMN z int NOT NULL AUTO_INCREMENT UNIQUE",
    "ADD COLUMN z int GENERATED ALWAYS AS (a + 1) STORED",
    "ADD COLUMN z int GENERATED ALWAYS AS (a + 1) VIRTUAL",
    "ADD COLUMN z int DEFAULT (a + 1)",
    "ADD COLUMN z varchar(36) DEFAULT (uuid())",
    "MODIFY a bigint",
    "MODIFY a int unsigned",
    "MODIFY a int DEFAULT 5",
    "MODIFY a int NOT NULL",
    "MODIFY n int NULL",
    "MODIFY b varchar(40)",
    "MODIFY b varchar(10)",
    "MODIFY b text",
    "MODIFY b varchar(20) AFTER id",
    "MODIFY e enum('x', 'y', 'z')",
    "MODIFY e enum('y', 'x')",
    "CHANGE b bb varchar(20)",
    "RENAME COLUMN b TO bb",
    "ALTER COLUMN a SET DEFAULT 4",
    "DROP COLUMN b",
    "DROP PRIMARY KEY",
    "ADD INDEX i (a)",
    "ADD UNIQUE u (a)",
    "ADD FULLTEXT f (txt)",
    "ADD SPATIAL INDEX s (g)",
    "ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES c (id)",
    "ADD CONSTRAINT ck CHECK (a > 0)",
    "ENGINE=InnoDB",
    "FORCE",
    "ROW_FORMAT=COMPRESSED",
    "CONVERT TO CHARACTER SET latin1",
    "DEFAULT CHARACTER SET latin1",
    "COMMENT='x'",
];

#[tokio::test]
async fn what_the_server_does_without_a_copy_is_no_hazard() {
    let Some(mut server) = Tried::after(Engine::Mysql, TABLES).await else {
        return;
    };
    // MariaDB's word for "no copy and no rebuild"; MySQL does not know it.
    if !Engine::Mysql.server_version().contains("MariaDB") {
        return;
    }
    for part in PARTS {
        // It works at all …
        server.run("CREATE OR REPLACE TABLE trial LIKE t").await;
        server.run("INSERT INTO trial SELECT * FROM t").await;
        server.run(&format!("ALTER TABLE trial {part}")).await;
        // … and does so, or not, while others write and without writing the rows anew.
        server.run("CREATE OR REPLACE TABLE trial LIKE t").await;
        server.run("INSERT INTO trial SELECT * FROM t").await;
        let online = format!("ALTER TABLE trial {part}, ALGORITHM=NOCOPY, LOCK=NONE");
        let refused = server.refusal(&online).await;

        let found = server.found(&format!("ALTER TABLE t {part}"));
        assert_eq!(
            !slow(&found).is_empty(),
            refused.is_some(),
            "{part}: {refused:?}, {found:?}"
        );
    }
}
