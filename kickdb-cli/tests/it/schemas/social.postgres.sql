CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS citext;
CREATE SCHEMA audit;
CREATE TYPE visibility AS ENUM ('public', 'unlisted', 'private', 'direct');
CREATE TYPE notification_kind AS ENUM ('mention', 'reblog', 'favourite', 'follow', 'follow-request', 'poll ended');
CREATE TYPE audit.action AS ENUM ('INSERT', 'UPDATE', 'DELETE');
CREATE DOMAIN handle AS citext CONSTRAINT handle_form CHECK (VALUE ~ '^[a-z0-9_]+$');
CREATE TYPE address AS (street text, zip varchar(12));
CREATE TYPE audit."Geo Point" AS (lat double precision, lon double precision);
CREATE DOMAIN "Quota" AS numeric(12, 2) CHECK (VALUE >= 0);
CREATE SEQUENCE timestamp_ids START 1000 INCREMENT 3 CACHE 20;

CREATE FUNCTION timestamp_id(table_name text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  time_part bigint := (date_part('epoch', now()) * 1000)::bigint << 16;
BEGIN
  RETURN time_part | (nextval('timestamp_ids') & 65535);
END $$;

CREATE TABLE instances (
  domain citext PRIMARY KEY, created_at timestamp(6) without time zone NOT NULL DEFAULT now(), software varchar(80) COLLATE "C",
  limits jsonb NOT NULL DEFAULT '{"follow": 100, "it''s": [1, 2]}'::jsonb);
COMMENT ON TABLE instances IS 'every server that was ever heard of; "quoted" and it''s';

CREATE TABLE accounts (
  id bigint PRIMARY KEY DEFAULT timestamp_id('accounts'),
  username varchar(30) NOT NULL DEFAULT ''::varchar,
  domain citext REFERENCES instances ON UPDATE CASCADE ON DELETE SET NULL,
  private_key text, public_key text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP, updated_at timestamptz NOT NULL DEFAULT now(),
  note text NOT NULL DEFAULT '', display_name text NOT NULL DEFAULT '', fields jsonb, locked boolean NOT NULL DEFAULT false,
  followers_count integer NOT NULL DEFAULT 0, header_file_size bigint, avatar_updated_at timestamp without time zone,
  moved_to_account_id bigint, also_known_as varchar[] DEFAULT '{}', silenced_at timestamp without time zone,
  trust_level smallint, home address, score double precision DEFAULT 0.5, birthday date, quota "Quota" DEFAULT 10.00, seen_at audit."Geo Point"[],
  last_ip inet, search tsvector GENERATED ALWAYS AS (to_tsvector('simple', coalesce(display_name, '') || ' ' || username)) STORED,
  actor_type varchar CONSTRAINT accounts_actor_type CHECK (actor_type IN ('Person', 'Service', 'Application')),
  CONSTRAINT accounts_moved_fk FOREIGN KEY (moved_to_account_id) REFERENCES accounts (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED);
CREATE UNIQUE INDEX index_accounts_on_username_and_domain_lower ON accounts (lower(username), COALESCE(lower(domain::text), ''));
CREATE INDEX index_accounts_search ON accounts USING gin (search);
CREATE INDEX index_accounts_on_note ON accounts USING gin (note gin_trgm_ops) WITH (fastupdate = off);
CREATE INDEX index_accounts_on_moved ON accounts (moved_to_account_id) WHERE moved_to_account_id IS NOT NULL;
COMMENT ON COLUMN accounts.note IS 'what they say
of themselves \ over lines';

CREATE TABLE users (
  id bigserial PRIMARY KEY, account_id bigint NOT NULL UNIQUE REFERENCES accounts ON DELETE CASCADE,
  email citext NOT NULL DEFAULT '', encrypted_password varchar NOT NULL DEFAULT '', sign_in_count int NOT NULL DEFAULT 0,
  confirmed_at timestamptz, locale varchar(12), settings json, invite_id bigint, chosen_languages varchar[], type varchar(20),
  "group" text, "Mixed Case" int, handle handle, CONSTRAINT users_email_once UNIQUE (email));
CREATE TABLE invites (
  id bigint GENERATED ALWAYS AS IDENTITY (START 100) PRIMARY KEY, user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE, code varchar NOT NULL,
  expires_at timestamptz, max_uses int, uses int NOT NULL DEFAULT 0, autofollow boolean NOT NULL DEFAULT false, valid_for tstzrange,
  CONSTRAINT uses_left CHECK (max_uses IS NULL OR uses <= max_uses));
ALTER TABLE users ADD CONSTRAINT users_invite_fk FOREIGN KEY (invite_id) REFERENCES invites (id) ON DELETE SET NULL NOT VALID;
CREATE UNIQUE INDEX index_invites_on_code ON invites (code) INCLUDE (user_id);

CREATE TABLE statuses (
  id bigint NOT NULL DEFAULT timestamp_id('statuses'), account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
  uri varchar, text text NOT NULL DEFAULT '', created_at timestamptz NOT NULL DEFAULT now(), in_reply_to_id bigint, reblog_of_id bigint,
  url varchar, sensitive boolean NOT NULL DEFAULT false, visibility visibility NOT NULL DEFAULT 'public', spoiler_text text NOT NULL DEFAULT '',
  language varchar, ordered_media_attachment_ids bigint[], CONSTRAINT statuses_pkey PRIMARY KEY (id),
  FOREIGN KEY (in_reply_to_id) REFERENCES statuses ON DELETE SET NULL, FOREIGN KEY (reblog_of_id) REFERENCES statuses ON DELETE CASCADE);
CREATE INDEX index_statuses_20190820 ON statuses (account_id, id DESC, visibility, created_at);
CREATE INDEX index_statuses_local ON statuses (id DESC NULLS LAST, account_id) WHERE (uri IS NULL) AND visibility = 'public';
CREATE TABLE favourites (id bigserial PRIMARY KEY, account_id bigint NOT NULL REFERENCES accounts, status_id bigint NOT NULL REFERENCES statuses ON DELETE CASCADE,
  CONSTRAINT favourites_once UNIQUE (account_id, status_id));
CREATE TABLE tags (id bigserial PRIMARY KEY, name varchar NOT NULL DEFAULT '', usable boolean, max_score double precision);
CREATE UNIQUE INDEX index_tags_on_name_lower_btree ON tags (lower(name) text_pattern_ops);
CREATE TABLE statuses_tags (status_id bigint NOT NULL REFERENCES statuses ON DELETE CASCADE, tag_id bigint NOT NULL REFERENCES tags ON DELETE CASCADE,
  PRIMARY KEY (tag_id, status_id));
CREATE TABLE follows (account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE, target_account_id bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
  show_reblogs boolean NOT NULL DEFAULT true, uri varchar, PRIMARY KEY (account_id, target_account_id), CHECK (account_id <> target_account_id));
CREATE TABLE notifications (id bigserial, account_id bigint NOT NULL, kind notification_kind NOT NULL, activity_id bigint NOT NULL, activity_type varchar NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (id, created_at)) PARTITION BY RANGE (created_at);
CREATE TABLE notifications_2023 PARTITION OF notifications FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE notifications_2024 PARTITION OF notifications FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE notifications_rest PARTITION OF notifications DEFAULT;
CREATE INDEX notifications_account ON notifications (account_id, id DESC);
CREATE TABLE polls (id bigserial PRIMARY KEY, status_id bigint REFERENCES statuses, options varchar[] NOT NULL DEFAULT '{}', cached_tallies bigint[] NOT NULL DEFAULT '{}',
  during tstzrange, room int, EXCLUDE USING gist (during WITH &&) WHERE (room IS NULL), lock_version int NOT NULL DEFAULT 0);
CREATE UNLOGGED TABLE sessions (session_id varchar PRIMARY KEY, data bytea, updated_at timestamptz) WITH (fillfactor = 70);

CREATE TABLE audit.log (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp(), table_name name NOT NULL,
  action audit.action NOT NULL, old_row jsonb, new_row jsonb, by text NOT NULL DEFAULT CURRENT_USER);
CREATE FUNCTION audit.write() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = audit, pg_temp AS $body$
BEGIN
  INSERT INTO audit.log (table_name, action, old_row, new_row)
  VALUES (TG_TABLE_NAME, TG_OP::audit.action, CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(old) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(new) END);
  RETURN coalesce(new, old);
END $body$;
CREATE TRIGGER accounts_audit AFTER INSERT OR UPDATE OR DELETE ON accounts FOR EACH ROW EXECUTE FUNCTION audit.write();
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.updated_at := now(); RETURN new; END $$;
CREATE TRIGGER accounts_touch BEFORE UPDATE ON accounts FOR EACH ROW WHEN (old.note IS DISTINCT FROM new.note) EXECUTE FUNCTION touch();
CREATE VIEW user_ips AS SELECT u.id AS user_id, a.last_ip AS ip, max(u.confirmed_at) AS used_at FROM users u JOIN accounts a ON a.id = u.account_id WHERE a.last_ip IS NOT NULL GROUP BY u.id, a.last_ip;
CREATE MATERIALIZED VIEW account_summaries AS
  SELECT accounts.id AS account_id, mode() WITHIN GROUP (ORDER BY t0.language) AS language, mode() WITHIN GROUP (ORDER BY t0.sensitive) AS sensitive
  FROM accounts CROSS JOIN LATERAL (SELECT s.account_id, s.language, s.sensitive FROM statuses s WHERE s.account_id = accounts.id ORDER BY s.id DESC LIMIT 20) t0
  GROUP BY accounts.id; -- the last twenty
CREATE UNIQUE INDEX index_account_summaries_on_account_id ON account_summaries (account_id);
CREATE VIEW follow_recommendations AS WITH RECURSIVE chain(id, depth) AS (SELECT id, 1 FROM accounts WHERE moved_to_account_id IS NULL
   UNION ALL SELECT a.id, c.depth + 1 FROM accounts a JOIN chain c ON a.moved_to_account_id = c.id) SELECT s.account_id, chain.depth FROM account_summaries s JOIN chain ON chain.id = s.account_id;
ALTER TABLE invites ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_invites ON invites USING (user_id = current_setting('app.user_id', true)::bigint) WITH CHECK (uses >= 0);
CREATE STATISTICS statuses_dependencies (dependencies) ON account_id, visibility FROM statuses;
