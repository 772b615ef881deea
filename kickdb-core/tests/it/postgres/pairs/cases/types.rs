//! Types that change while others are made of them, and columns hold those.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "an enum in a composite type in a composite type and in arrays",
        13,
        r#"create type e as enum ('a','b','c'); create type comp as (x e, n int); create type outer_c as (c comp, d comp[]);
         create table t (id int, c comp, o outer_c, a comp[] default '{}'); insert into t values (1,row('a',1),row(row('b',2),array[row('a',2)::comp]),array[row('b',4)::comp]);
         create view v as select (c).x from t;"#,
        r#"create type e as enum ('a','b'); create type comp as (x e, n int); create type outer_c as (c comp, d comp[]);
         create table t (id int, c comp, o outer_c, a comp[] default '{}'); insert into t values (1,row('a',1),row(row('b',2),array[row('a',2)::comp]),array[row('b',4)::comp]);
         create view v as select (c).x from t;"#,
    ),
    (
        "values of an enum, a domain and a composite type on the way to something else",
        13,
        r#"create type e as enum ('1','2','3'); create domain d as int; create type c as (a int, b text); create table t (k e);
         create table u (x text default '1'::e::text, n text default '2'::e::text check (n <> '1'::e::text or '5'::d = 4), o int default ('7'::d + 0), g bigint generated always as (id + '7'::d) stored,
           id int, r text default (row(1, 'x')::c).b); create index on u ((o + '3'::d)) where o > '1'::d;
         create table p (x text default '1'::e::text); create table p1 () inherits (p); alter table p1 alter x drop default; create table p2 (x text default '2'::e::text) inherits (p);
         insert into t values ('1'); insert into u (id) values (1), (2); insert into p values ('a'); insert into p1 values ('b');"#,
        r#"create type e as enum ('4','1','3'); create domain d as bigint; create type c as (b text); create table t (k e);
         create table u (x text default '1'::e::text, n text default '4'::e::text check (n <> '1'::e::text or '5'::d = 4), o int default ('7'::d + 0), g bigint generated always as (id + '7'::d) stored,
           id int, r text default (row('x')::c).b); create index on u ((o + '3'::d)) where o > '1'::d;
         create table p (x text default '1'::e::text); create table p1 () inherits (p); alter table p1 alter x drop default; create table p2 (x text default '4'::e::text) inherits (p);"#,
    ),
    (
        "an enum under a range",
        13,
        r#"create type e as enum ('a','b','c','d'); create type er as range (subtype = e);
         create table t (id int, r er default '[a,b]', ra er[], m er, exclude using gist (r with &&)); insert into t values (1,'[a,b]','{"[a,b)"}');"#,
        r#"create type e as enum ('a','b','c'); create type er as range (subtype = e);
         create table t (id int, r er default '[a,b]', ra er[], m er, exclude using gist (r with &&)); insert into t values (1,'[a,b]','{"[a,b)"}');"#,
    ),
    (
        "an attribute gets another type inside of others",
        13,
        r#"create type inner_c as (a int, b text); create type mid as (i inner_c, n int); create domain dm as mid check ((value).n > 0);
         create table t (id int, m mid, d dm, ms mid[]); insert into t values (1,row(row(1,'x'),2),row(row(1,'y'),2),array[row(row(1,'z'),3)::mid]);"#,
        r#"create type inner_c as (a bigint, b text); create type mid as (i inner_c, n int); create domain dm as mid check ((value).n > 0);
         create table t (id int, m mid, d dm, ms mid[]); insert into t values (1,row(row(1,'x'),2),row(row(1,'y'),2),array[row(row(1,'z'),3)::mid]);"#,
    ),
    (
        "an attribute comes and goes inside of others",
        13,
        r#"create type inner_c as (a int, b text); create type mid as (i inner_c, n int);
         create table t (id int, m mid, ms mid[], p inner_c default row(1,'q')); insert into t values (1,row(row(1,'x'),2),array[row(row(1,'z'),3)::mid],row(1,'o'));"#,
        r#"create type inner_c as (a int, b text, c date); create type mid as (i inner_c, n int);
         create table t (id int, m mid, ms mid[], p inner_c default row(1,'q',null)); insert into t values (1,row(row(1,'x',null),2),array[row(row(1,'z',null),3)::mid],row(1,'o',null));"#,
    ),
    (
        "what a domain is made of, under a domain, a composite type and an array",
        13,
        r#"create domain d as int check (value > 0); create domain d2 as d not null default 4; create type c as (x d, y d2);
         create table t (id int, a d, b d2, cc c, arr d[]); insert into t values (1,2,3,row(1,2),'{1,2}');
         create index t_a on t (a); create view v as select a+1 as n from t;"#,
        r#"create domain d as bigint check (value > 0); create domain d2 as d not null default 4; create type c as (x d, y d2);
         create table t (id int, a d, b d2, cc c, arr d[]); insert into t values (1,2,3,row(1,2),'{1,2}');
         create index t_a on t (a); create view v as select a+1 as n from t;"#,
    ),
    (
        "a range that columns, a function and a view hold",
        13,
        r#"create type fr as range (subtype = float8);
         create table t (id int, r fr default '[1,2]', ra fr[], exclude using gist (r with &&)); insert into t values (1,'[1,2]','{"[1,2]"}');
         create function g(fr) returns float8 language sql as 'select lower($1)'; create view v as select g(r) from t;"#,
        r#"create type fr as range (subtype = float8, subtype_diff = float8mi);
         create table t (id int, r fr default '[1,2]', ra fr[], exclude using gist (r with &&)); insert into t values (1,'[1,2]','{"[1,2]"}');
         create function g(fr) returns float8 language sql as 'select lower($1)'; create view v as select g(r) from t;"#,
    ),
    (
        "a range of something else",
        13,
        r#"create type fr as range (subtype = int4); create table t (id int, r fr, m int); insert into t values (1,'[1,3)',3);"#,
        r#"create type fr as range (subtype = int8); create table t (id int, r fr, m int); insert into t values (1,'[1,3)',3);"#,
    ),
    (
        "a collation of columns, types, indexes and a view",
        13,
        r#"create collation c (provider = icu, locale = 'de'); create domain dt as text collate c; create type ct as (x text collate c);
         create table t (id int, a text collate c, b dt, d ct, primary key (a)); create index t_b on t (b collate c); create view v as select a, b from t where a < 'x' collate c; insert into t values (1,'a','b',row('x'));"#,
        r#"create collation c (provider = icu, locale = 'en'); create domain dt as text collate c; create type ct as (x text collate c);
         create table t (id int, a text collate c, b dt, d ct, primary key (a)); create index t_b on t (b collate c); create view v as select a, b from t where a < 'x' collate c; insert into t values (1,'a','b',row('x'));"#,
    ),
    (
        "a domain inside of an array and of a composite type gets a constraint",
        13,
        r#"create domain d as text; create table t (a d, b d[]); create type c as (x d); create table u (c c); insert into t values ('x','{y}'); insert into u values (row('z'));"#,
        r#"create domain d as text not null check (value <> ''); create table t (a d, b d[]); create type c as (x d); create table u (c c); insert into t values ('x','{y}'); insert into u values (row('z'));"#,
    ),
    (
        "everything on an enum that loses a value",
        13,
        r#"create type c as enum ('r','g','b'); create table t (id int, k c not null default 'r', ks c[] not null default '{r,g}'::c[], label text generated always as (case k when 'r' then 'red' else 'other' end) stored, constraint ck check (k <> 'b' or id > 0), exclude using btree (k with =) where (k = 'g')); create unique index ui on t (k) where k = 'r'; create function nxt(c) returns c language sql immutable as $$ select case $1 when 'r' then 'g'::public.c else 'r'::public.c end $$; create index fi on t (nxt(k)); create trigger tr before update on t for each row when (old.k is distinct from new.k) execute function suppress_redundant_updates_trigger(); create policy po on t using (k = 'r'); create materialized view mv as select k, count(*) from t group by k; create rule ru as on delete to t where old.k = 'r' do instead nothing; insert into t values (1,'r');"#,
        r#"create type c as enum ('g','r'); create table t (id int, k c not null default 'g', ks c[] not null default '{r,g}'::c[], label text generated always as (case k when 'r' then 'red' else 'other' end) stored, constraint ck check (k <> 'g' or id > 0), exclude using btree (k with =) where (k = 'g')); create unique index ui on t (k) where k = 'r'; create function nxt(c) returns c language sql immutable as $$ select case $1 when 'r' then 'g'::public.c else 'r'::public.c end $$; create index fi on t (nxt(k)); create trigger tr before update on t for each row when (old.k is distinct from new.k) execute function suppress_redundant_updates_trigger(); create policy po on t using (k = 'r'); create materialized view mv as select k, count(*) from t group by k; create rule ru as on delete to t where old.k = 'r' do instead nothing; insert into t values (1,'r');"#,
    ),
    (
        "operators that are each other's commutators are in an operator class over a type that is made again",
        13,
        r#"create type c as (x int); create function c_cmp(c, c) returns int language sql immutable strict as 'select btint4cmp($1.x, $2.x)'; create function c_lt(c, c) returns boolean language sql immutable as 'select $1.x < $2.x'; create function c_gt(c, c) returns boolean language sql immutable as 'select $1.x > $2.x';create function c_le(c, c) returns boolean language sql immutable as 'select $1.x <= $2.x'; create function c_ge(c, c) returns boolean language sql immutable as 'select $1.x >= $2.x';create function c_eq(c, c) returns boolean language sql immutable as 'select $1.x = $2.x'; create operator <<< (leftarg = c, rightarg = c, function = c_lt, commutator = >>>); create operator >>> (leftarg = c, rightarg = c, function = c_gt, commutator = <<<); create operator <<= (leftarg = c, rightarg = c, function = c_le); create operator >>= (leftarg = c, rightarg = c, function = c_ge); create operator === (leftarg = c, rightarg = c, function = c_eq, commutator = ===); create operator class co for type c using btree as operator 1 <<<, operator 2 <<=, operator 3 ===, operator 4 >>=, operator 5 >>>, function 1 c_cmp(c, c); create table t (v c); create index i on t (v co); insert into t values (row(1)::c);"#,
        r#"create type c as (x bigint); create function c_cmp(c, c) returns int language sql immutable strict as 'select btint8cmp($1.x, $2.x)'; create function c_lt(c, c) returns boolean language sql immutable as 'select $1.x < $2.x'; create function c_gt(c, c) returns boolean language sql immutable as 'select $1.x > $2.x';create function c_le(c, c) returns boolean language sql immutable as 'select $1.x <= $2.x'; create function c_ge(c, c) returns boolean language sql immutable as 'select $1.x >= $2.x';create function c_eq(c, c) returns boolean language sql immutable as 'select $1.x = $2.x'; create operator <<< (leftarg = c, rightarg = c, function = c_lt, commutator = >>>); create operator >>> (leftarg = c, rightarg = c, function = c_gt, commutator = <<<); create operator <<= (leftarg = c, rightarg = c, function = c_le); create operator >>= (leftarg = c, rightarg = c, function = c_ge); create operator === (leftarg = c, rightarg = c, function = c_eq, commutator = ===); create operator class co for type c using btree as operator 1 <<<, operator 2 <<=, operator 3 ===, operator 4 >>=, operator 5 >>>, function 1 c_cmp(c, c); create table t (v c); create unique index i on t (v co desc); insert into t values (row(1)::c);"#,
    ),
    (
        "a class that is the default of a type comes with an index that does not say it",
        13,
        "create type pt as (x int, y int); create table t (id int, p pt); insert into t values (1, row(1, 2));",
        "create type pt as (x int, y int); create table t (id int, p pt);
         create function pt_cmp(pt, pt) returns int language sql immutable as 'select ($1).x - ($2).x';
         create function pt_lt(pt, pt) returns bool language sql immutable as 'select pt_cmp($1, $2) < 0';
         create operator <# (leftarg = pt, rightarg = pt, function = pt_lt);
         create function pt_eq(pt, pt) returns bool language sql immutable as 'select pt_cmp($1, $2) = 0';
         create operator =# (leftarg = pt, rightarg = pt, function = pt_eq);
         create operator class pt_ops default for type pt using btree as operator 1 <#, operator 3 =#, function 1 pt_cmp(pt, pt);
         create index t_p on t (p, id); create index t_e on t (coalesce(p, row(0, 0)::pt)); insert into t values (1, row(1, 2));",
    ),
    (
        "a class is the default of an enum no longer",
        13,
        "create type mood as enum ('sad', 'happy'); create table t (id int, m mood);
         create function mood_cmp(mood, mood) returns int language sql immutable as 'select 0';
         create function mood_lt(mood, mood) returns bool language sql immutable as 'select mood_cmp($1, $2) < 0';
         create operator <# (leftarg = mood, rightarg = mood, function = mood_lt);
         create function mood_eq(mood, mood) returns bool language sql immutable as 'select mood_cmp($1, $2) = 0';
         create operator =# (leftarg = mood, rightarg = mood, function = mood_eq);
         create operator class mood_ops default for type mood using btree as operator 1 <#, operator 3 =#, function 1 mood_cmp(mood, mood);
         create index t_m on t (m desc); insert into t values (1, 'sad');",
        "create type mood as enum ('sad', 'happy'); create table t (id int, m mood);
         create function mood_cmp(mood, mood) returns int language sql immutable as 'select 0';
         create function mood_lt(mood, mood) returns bool language sql immutable as 'select mood_cmp($1, $2) < 0';
         create operator <# (leftarg = mood, rightarg = mood, function = mood_lt);
         create function mood_eq(mood, mood) returns bool language sql immutable as 'select mood_cmp($1, $2) = 0';
         create operator =# (leftarg = mood, rightarg = mood, function = mood_eq);
         create operator class mood_ops for type mood using btree as operator 1 <#, operator 3 =#, function 1 mood_cmp(mood, mood);
         create index t_m on t (m desc); insert into t values (1, 'sad');",
    ),
    (
        "classes without anything, and with what only their family holds",
        14,
        "create table o (id int);",
        "create table o (id int);
         create operator class nothing for type uuid using hash as storage uuid;
         create function seeded(int, bigint) returns bigint language sql immutable as 'select $1 + $2';
         create operator class more for type int using hash as operator 1 =, function 2 seeded(int, bigint);
         create table h (a int, b int) partition by hash (a more); create table h0 partition of h for values with (modulus 2, remainder 0);",
    ),
    (
        "functions and casts by the long names of types",
        13,
        "create table o (id int);",
        "create table o (id int);
         create function f(a timestamp without time zone, b character varying(3)) returns int language sql as 'select 1';
         create function f(time with time zone, bit varying, character) returns int language sql as 'select 2';
         create function g(timestamp without time zone) returns int language sql as 'select 1';
         create cast (timestamp without time zone as int) with function g(timestamp without time zone);
         create function s(float8, timestamp) returns float8 language sql as 'select $1';
         create aggregate ag(timestamp without time zone) (sfunc = s, stype = double precision);",
    ),
    (
        "values that keep what they are in another type",
        13,
        "create table t (id int primary key, a int, b bytea, c varbit, d interval, e int[], f text, g jsonb);
         insert into t values (1, 5, 'plain', B'1010', '3 days', '{1,2}', '1.50', '{\"a\": 1}');",
        "create table t (id int primary key, a bytea, b text, c bit(4), d interval day, e varchar(9), f numeric(5,2), g bytea);
         insert into t values (1, '5', 'plain', B'1010', '3 days', '{1,2}', '1.50', '{\"a\": 1}');",
    ),
    (
        "a domain inside of other types gets a constraint under all that is held to columns of these",
        13,
        r#"create domain d as text; create type ct as (f d); create table t(c ct);
         create view v as select c from t;
         create policy p on t using ((c).f = 'a');
         create function tf() returns trigger language plpgsql as 'begin return new; end';
         create trigger tr before update of c on t for each row when ((new.c).f is not null) execute function tf();
         create function fn(ct) returns d language sql immutable as 'select $1.f'; create index on t(fn(c));
         create table t2(c d[]); create view v2 as select c from t2;
         create function fn2(d[]) returns d language sql immutable as 'select $1[1]'; create table u(y int default length(fn2(null)));
         create type r as range(subtype=d); create table t3(c r); create materialized view v3 as select c from t3;
         insert into t values (row('a')); insert into t2 values ('{b,a}');"#,
        r#"create domain d as text check (value <> 'c'); create type ct as (f d); create table t(c ct);
         create view v as select c from t;
         create policy p on t using ((c).f = 'a');
         create function tf() returns trigger language plpgsql as 'begin return new; end';
         create trigger tr before update of c on t for each row when ((new.c).f is not null) execute function tf();
         create function fn(ct) returns d language sql immutable as 'select $1.f'; create index on t(fn(c));
         create table t2(c d[]); create view v2 as select c from t2;
         create function fn2(d[]) returns d language sql immutable as 'select $1[1]'; create table u(y int default length(fn2(null)));
         create type r as range(subtype=d); create table t3(c r); create materialized view v3 as select c from t3;
         insert into t values (row('a')); insert into t2 values ('{b,a}');"#,
    ),
    (
        "a new view reads a column of a composite type that gets an attribute of a new enum",
        13,
        "create type ct as (a int, b text); create table t (id int primary key, c ct); insert into t values (1, row(1, 'b'));",
        "create type e as enum ('A','B'); create type ct as (a int, e e, b text); create table t (id int primary key, c ct); insert into t values (1, row(1, null, 'b'));
         create view v as select id, c from t; create view w as select (c).a from v; create function f(ct) returns int language sql as 'select $1.a';",
    ),
    (
        "the functions of range types go",
        13,
        r#"create function f1(a float8, b float8) returns float8 language sql immutable as 'select a - b';
         create schema s; create function s.f(a int, b int) returns float8 language sql immutable as 'select a - b';
         create type fr as range (subtype = float8, subtype_diff = f1); create type s.ir as range (subtype = int, subtype_diff = s.f);
         create table t (id int primary key, r fr, i s.ir); insert into t values (1, '[1,2)', '[1,2)'); create index x on t using gist (r);"#,
        r#"create function f2(a float8, b float8) returns float8 language sql immutable as 'select a - b + 0';
         create schema s; create type fr as range (subtype = float8, subtype_diff = f2); create type s.ir as range (subtype = int);
         create table t (id int primary key, r fr, i s.ir); insert into t values (1, '[1,2)', '[1,2)'); create index x on t using gist (r);"#,
    ),
    (
        "the collation of a range type goes",
        13,
        r#"create collation co (provider = icu, locale = 'de'); create type tr as range (subtype = text, collation = co); create table t (id int primary key, r tr);"#,
        r#"create type tr as range (subtype = text, collation = "C"); create table t (id int primary key, r tr);"#,
    ),
    (
        "a constraint of a domain that old values need not meet",
        13,
        "create domain d as int; create domain e as int; create type c as (d d); create table t (id int primary key, l d[], c c, e e); insert into t values (1, '{1}', '(1)', 1);
         alter domain e add constraint k check (value <> 1) not valid; comment on constraint k on domain e is 'old';
         create domain f as int; create domain g as f; create table u (g g); insert into u values (1); alter domain g add constraint k check (value <> 1) not valid; comment on constraint k on domain g is 'inner';",
        "create domain d as int; create domain e as bigint; create type c as (d d); create table t (id int primary key, l d[], c c, e e); insert into t values (1, '{1}', '(1)', 1);
         alter domain d add constraint k check (value <> 1) not valid; alter domain e add constraint k check (value <> 1) not valid; comment on constraint k on domain e is 'new';
         create domain f as bigint; create domain g as f; create table u (g g); insert into u values (1); alter domain g add constraint k check (value <> 1) not valid; comment on constraint k on domain g is 'inner';",
    ),
];
