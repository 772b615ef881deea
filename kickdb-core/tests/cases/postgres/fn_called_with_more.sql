-- from
CREATE FUNCTION gen() RETURNS text LANGUAGE sql AS 'SELECT ''x''';
CREATE TABLE t (id text DEFAULT gen(), b text DEFAULT upper(gen()));
-- to
CREATE FUNCTION gen(prefix text DEFAULT '') RETURNS text LANGUAGE sql AS 'SELECT prefix || ''x''';
CREATE TABLE t (id text DEFAULT gen(), b text DEFAULT upper(gen('a')));
-- up
CREATE FUNCTION gen(prefix text DEFAULT ''::text)
 RETURNS text
 LANGUAGE sql
AS $function$SELECT prefix || 'x'$function$;
ALTER TABLE "t" ALTER COLUMN "id" DROP DEFAULT;
ALTER TABLE "t" ALTER COLUMN "b" SET DEFAULT upper(gen('a'::text));
ALTER TABLE "t" ALTER COLUMN "id" SET DEFAULT gen();
DROP FUNCTION "gen"();
