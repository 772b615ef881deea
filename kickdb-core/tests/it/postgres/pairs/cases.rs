//! The pairs: a name, the first version of the server that can have them, and both sides.

/// Everything that is to hold.
pub(super) fn all() -> impl Iterator<Item = (&'static str, u32, &'static str, &'static str)> {
    let all = [
        CONSTRAINTS,
        COUNTERS,
        OPTIONS,
        builtin::CASES,
        extensions::CASES,
        families::CASES,
        from_above::CASES,
        repartition::CASES,
        calls::CASES,
        typed::CASES,
        counters::CASES,
        types::CASES,
        unfinished::CASES,
        whole::CASES,
        words::CASES,
        spread::CASES,
        kept::CASES,
        made_of::CASES,
        moved::CASES,
        swapped::CASES,
        over_rows::CASES,
        owners::CASES,
        passed::CASES,
        reached::CASES,
        rows::CASES,
        sequences::CASES,
        held::CASES,
        holders::CASES,
    ];
    all.into_iter().flatten().copied()
}

mod builtin;
mod calls;
mod counters;
mod extensions;
mod families;
mod from_above;
mod held;
mod holders;
mod kept;
mod made_of;
mod moved;
mod over_rows;
mod owners;
mod passed;
mod reached;
mod repartition;
mod rows;
mod sequences;
mod spread;
mod swapped;
mod typed;
mod types;
mod unfinished;
mod whole;
mod words;

type Case = (&'static str, u32, &'static str, &'static str);

const CONSTRAINTS: &[Case] = &[
    (
        "comments on the indexes of constraints",
        13,
        "CREATE TABLE t (id int CONSTRAINT t_pkey PRIMARY KEY, a int CONSTRAINT t_a UNIQUE, b int CONSTRAINT t_b UNIQUE);
         COMMENT ON INDEX t_pkey IS 'by id'; COMMENT ON CONSTRAINT t_a ON t IS 'once'; COMMENT ON INDEX t_b IS 'old';",
        "CREATE TABLE t (id int CONSTRAINT t_pkey PRIMARY KEY, a int CONSTRAINT t_a UNIQUE, b int CONSTRAINT t_b UNIQUE, c int CONSTRAINT t_c UNIQUE);
         COMMENT ON INDEX t_a IS 'by a'; COMMENT ON CONSTRAINT t_a ON t IS 'once'; COMMENT ON INDEX t_b IS 'new'; COMMENT ON INDEX t_c IS 'by c';",
    ),
    (
        "comments on the indexes of constraints that are new",
        13,
        "CREATE TABLE o (id int);",
        "CREATE TABLE o (id int);
         CREATE TABLE t (id int CONSTRAINT t_pkey PRIMARY KEY, a int CONSTRAINT t_a UNIQUE, EXCLUDE USING btree (a WITH =));
         COMMENT ON INDEX t_pkey IS 'by id'; COMMENT ON INDEX t_a IS 'by a'; COMMENT ON INDEX t_a_excl IS 'by a again';",
    ),
    (
        "what says nothing and is kept",
        15,
        "CREATE TABLE t (a int PRIMARY KEY, b int REFERENCES t ON DELETE SET NULL, c int CHECK (c > 1)); CREATE INDEX i ON t (b);",
        "CREATE TABLE t (a int PRIMARY KEY, b int REFERENCES t ON DELETE SET NULL (b), c int CHECK ((+ c) > 1)); CREATE INDEX i ON t ((+ b));",
    ),
    (
        "casts that only look superfluous",
        13,
        "CREATE TABLE t (m money CHECK (m > 5::money), r real CHECK (r <> 0.1::real), n int CHECK (n > 1.5::int));",
        "CREATE TABLE t (m money CHECK (m > 6::money), r real CHECK (r <> 0.1), n int CHECK (n > 1.5));",
    ),
    (
        "the words of the server",
        13,
        "CREATE TABLE t (id int, a timestamptz DEFAULT now(), b varchar(20), c text DEFAULT 'x', d numeric DEFAULT 1);
         CREATE VIEW v AS SELECT id FROM t WHERE b IN ('a', 'b');",
        "CREATE TABLE t (id bigint, a timestamptz DEFAULT CURRENT_TIMESTAMP, b varchar(20) DEFAULT NULL::varchar,
           c text DEFAULT 'x'::varchar, d numeric DEFAULT '1', e varchar(9) CHECK (e IN ('a', 'b')), f timestamp DEFAULT timezone('utc', now()));
         CREATE INDEX t_b ON t (id) WHERE b NOT IN ('c', 'd');
         CREATE VIEW v AS SELECT id FROM t WHERE b IN ('a', 'b');",
    ),
    (
        "a policy of a table that goes, on a column that changes",
        13,
        "CREATE TABLE users (id int PRIMARY KEY, role varchar(20)); CREATE TABLE log (id int, by_user int);
         CREATE POLICY readers ON log USING (EXISTS (SELECT 1 FROM users u WHERE u.id = by_user AND u.role = 'admin'));",
        "CREATE TABLE users (id int PRIMARY KEY, role text);",
    ),
    (
        "not valid to valid and back",
        13,
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, b int);
         ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID, ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES p NOT VALID;",
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0), b int CONSTRAINT f REFERENCES p);",
    ),
    (
        "a new table whose constraints are not valid",
        13,
        "CREATE TABLE p (id int PRIMARY KEY);",
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int, b int);
         ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID, ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES p NOT VALID;",
    ),
    (
        "no inherit, match full, include",
        13,
        "CREATE TABLE p (a int, b int, c int, CONSTRAINT p_key UNIQUE (a, b), CONSTRAINT k CHECK (a > 0));
         CREATE TABLE t (a int, b int, CONSTRAINT t_fkey FOREIGN KEY (a, b) REFERENCES p (a, b));",
        "CREATE TABLE p (a int, b int, c int, CONSTRAINT p_key UNIQUE (a, b) INCLUDE (c), CONSTRAINT k CHECK (a > 0) NO INHERIT);
         CREATE TABLE t (a int, b int, CONSTRAINT t_fkey FOREIGN KEY (a, b) REFERENCES p (a, b) MATCH FULL);",
    ),
    (
        "primary key with include and parameters",
        13,
        "CREATE TABLE p (a int PRIMARY KEY, b text);",
        "CREATE TABLE p (a int, b text, PRIMARY KEY (a) INCLUDE (b) WITH (fillfactor = 70));",
    ),
    (
        "some columns are set on delete",
        15,
        "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));
         CREATE TABLE t (a int, b int, CONSTRAINT f FOREIGN KEY (a, b) REFERENCES p ON DELETE SET NULL);",
        "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));
         CREATE TABLE t (a int, b int, CONSTRAINT f FOREIGN KEY (a, b) REFERENCES p ON DELETE SET NULL (b));",
    ),
    (
        "exclusion constraints come, change and go",
        13,
        "CREATE TABLE t (c circle, r int4range, n int, EXCLUDE USING gist (c WITH &&), CONSTRAINT gone EXCLUDE USING gist (r WITH &&));",
        "CREATE TABLE t (c circle, r int4range, n int,
           CONSTRAINT t_c_excl EXCLUDE USING gist (c WITH &&) WHERE (n > 0) DEFERRABLE INITIALLY DEFERRED,
           CONSTRAINT new EXCLUDE USING btree (n WITH =), CONSTRAINT low EXCLUDE USING gist (int4range(lower(r), upper(r)) WITH &&));",
    ),
    (
        "deferrability of every constraint",
        13,
        "CREATE TABLE p (id int PRIMARY KEY, u int UNIQUE); CREATE TABLE t (a int REFERENCES p, b int REFERENCES p DEFERRABLE);",
        "CREATE TABLE p (id int PRIMARY KEY, u int UNIQUE DEFERRABLE);
         CREATE TABLE t (a int REFERENCES p DEFERRABLE INITIALLY DEFERRED, b int REFERENCES p);",
    ),
    (
        "comments on parts",
        13,
        "CREATE TABLE t (a int PRIMARY KEY, b int CONSTRAINT c CHECK (b > 0)); CREATE INDEX i ON t (b);
         COMMENT ON INDEX i IS 'it''s'; COMMENT ON CONSTRAINT c ON t IS 'one'; COMMENT ON CONSTRAINT t_pkey ON t IS 'key';",
        "CREATE TABLE t (a int PRIMARY KEY, b bigint CONSTRAINT c CHECK (b > 0)); CREATE INDEX i ON t (b); CREATE INDEX j ON t (a);
         COMMENT ON INDEX j IS 'j'; COMMENT ON CONSTRAINT c ON t IS 'two';",
    ),
];

const COUNTERS: &[Case] = &[
    (
        "identity becomes serial, serial a default, a default nothing",
        13,
        "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY, b serial, c int DEFAULT 7, d int, e serial, f int GENERATED BY DEFAULT AS IDENTITY);
         INSERT INTO t (c, d) VALUES (1, 2), (3, 4); -- keep",
        "CREATE TABLE t (a serial, b int NOT NULL DEFAULT 7, c int, d int NOT NULL GENERATED BY DEFAULT AS IDENTITY,
           e int GENERATED ALWAYS AS IDENTITY, f int GENERATED ALWAYS AS IDENTITY);",
    ),
    (
        "options of counters change",
        13,
        "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY (START 5 INCREMENT 5), b serial, c bigint GENERATED BY DEFAULT AS IDENTITY);
         INSERT INTO t DEFAULT VALUES; INSERT INTO t DEFAULT VALUES; -- keep",
        "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY (START 100 MINVALUE 100 MAXVALUE 1000 CYCLE), b serial,
           c bigint GENERATED BY DEFAULT AS IDENTITY (INCREMENT -1 CACHE 20));
         ALTER SEQUENCE t_b_seq INCREMENT 3 MAXVALUE 500 CACHE 7;",
    ),
    (
        "types of counters change",
        13,
        "CREATE TABLE t (a smallint GENERATED ALWAYS AS IDENTITY, b serial, c serial, d bigserial, e smallserial);
         INSERT INTO t DEFAULT VALUES; -- keep",
        "CREATE TABLE t (a bigint GENERATED ALWAYS AS IDENTITY, b bigserial, c smallserial, d serial, e serial);
         ALTER SEQUENCE t_e_seq AS bigint;",
    ),
    (
        "a sequence keeps the name of a table that was renamed",
        13,
        "CREATE TABLE old (id serial PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY); ALTER TABLE old RENAME TO t;
         ALTER TABLE t RENAME CONSTRAINT old_pkey TO t_pkey;",
        "CREATE TABLE t (id serial PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY);",
    ),
    (
        "new tables and columns whose counters are not the usual ones",
        13,
        "CREATE TABLE t (k int);",
        "CREATE SEQUENCE s START 10; CREATE TABLE u (id bigint NOT NULL DEFAULT nextval('s')); ALTER SEQUENCE s OWNED BY u.id;
         CREATE TABLE t (k int, a bigint GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME odd START 3), b serial);
         ALTER SEQUENCE t_b_seq RENAME TO \"Odd one\"; ALTER SEQUENCE \"Odd one\" CYCLE;
         CREATE TABLE user_role (id serial); CREATE TABLE \"user\" (role_id serial);",
    ),
    (
        "a default draws from a sequence of another column",
        13,
        "CREATE TABLE t (id serial, other int DEFAULT nextval('t_id_seq'), n numeric DEFAULT 1);",
        "CREATE TABLE t (id serial, other int, n numeric DEFAULT nextval('t_id_seq') * 2);",
    ),
];

const OPTIONS: &[Case] = &[
    (
        "options of a table",
        13,
        "CREATE TABLE t (a int PRIMARY KEY, b text) WITH (fillfactor = 70, autovacuum_enabled = false);
         ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t REPLICA IDENTITY FULL;
         INSERT INTO t VALUES (1, 'x'); -- keep",
        "CREATE UNLOGGED TABLE t (a int PRIMARY KEY, b text) WITH (fillfactor = 80, toast.autovacuum_enabled = false);
         ALTER TABLE t FORCE ROW LEVEL SECURITY; ALTER TABLE t REPLICA IDENTITY USING INDEX t_pkey;",
    ),
    (
        "a new table with options",
        13,
        "",
        "CREATE UNLOGGED TABLE t (a int PRIMARY KEY, b text) WITH (fillfactor = 80, toast.autovacuum_enabled = false);
         ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY;
         CREATE UNIQUE INDEX i ON t (a) WITH (fillfactor = 50); ALTER TABLE t REPLICA IDENTITY USING INDEX i;
         ALTER TABLE t ALTER b SET STORAGE EXTERNAL; ALTER TABLE t ALTER b SET STATISTICS 50; ALTER TABLE t ALTER a SET (n_distinct = 5);",
    ),
    (
        "options of columns and indexes",
        14,
        "CREATE TABLE t (a text, b text, n numeric, v varchar(5)); ALTER TABLE t ALTER a SET STORAGE MAIN, ALTER v SET STORAGE EXTERNAL;
         CREATE INDEX i ON t (a) WITH (fillfactor = 50); CREATE INDEX g ON t USING gin (to_tsvector('simple', b)) WITH (fastupdate = off);",
        "CREATE TABLE t (a text, b text COMPRESSION pglz, n numeric, v text); ALTER TABLE t ALTER n SET STORAGE EXTERNAL, ALTER v SET STORAGE EXTERNAL;
         CREATE INDEX i ON t (a) WITH (deduplicate_items = off); CREATE INDEX g ON t USING gin (to_tsvector('simple', b));
         ALTER TABLE t ALTER b SET STATISTICS 0;",
    ),
];
