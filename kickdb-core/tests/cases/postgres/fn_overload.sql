-- from
create function f(a int) returns int language sql as 'select a';
create function f(a text) returns text language sql as 'select a';
-- to
create function f(a int) returns int language sql as 'select a+1';
create function f(a text, b int default 2) returns text language sql as 'select a';
-- up
DROP FUNCTION "f"(text);
-- Functions that stand in a database are not judged by this session's search path.
SET check_function_bodies = off;
CREATE OR REPLACE FUNCTION f(a integer)
 RETURNS integer
 LANGUAGE sql
AS $function$select a+1$function$;
CREATE FUNCTION f(a text, b integer DEFAULT 2)
 RETURNS text
 LANGUAGE sql
AS $function$select a$function$;
