-- from
CREATE FUNCTION gen() RETURNS text LANGUAGE sql AS 'SELECT ''x''';
CREATE TABLE t (id text DEFAULT gen(), b text DEFAULT upper(gen()));
-- to
CREATE FUNCTION gen(prefix text DEFAULT '') RETURNS text LANGUAGE sql AS 'SELECT prefix || ''x''';
CREATE TABLE t (id text DEFAULT gen(), b text DEFAULT upper(gen('a')));
