a + b * 2 > 3
(a + b) * 2 > 3
a + (b * 2) > 3
a - (b - 1) > 0
a - b - 1 > 0
a / (b / 2) > 0
a * -1 > 0
-(a + b) > 0
- - a > 0
-a < 10
a = -1 and b = +1
a > 1 and b > 2 and (a > 3 and b > 4)
a > 1 or b > 2 or a > 3 and b > 4
(a > 1 or b > 2) and (a > 3 or b > 4)
not (a = 1 and b = 2)
not (a = 1 or b = 2)
not a = 1
not a
not (a)
not not a > 1
!(a > 3)
! a
!a = 0
a and b
a or b
a xor b
a xor b xor c = 'x'
not (a xor b)
a && b || a
a <=> b
a <> b
a != b
a is null
a is not null
a is true
a is not true
a is false
a is unknown
(a is null) = 1
a is null is null
(a > 1) is true
not (a is null)
a between 1 and 10
a not between 1 and 10
not (a between 1 and 10)
a between b and b + 1
a between -5 and 5 or b
(a between 1 and 2) = 1
a in (1,2,3)
a not in (1,2,3)
not a in (1,2,3)
a in (1)
a not in (1)
c in ('x')
c in ('x','y''z')
a in (b, b + 1)
(a, b) in ((1,2),(3,4))
(a, b) = (1, 2)
c like 'a%'
c not like '%x%'
c like 'a\_b'
c like 'a!_b' escape '!'
not (c like 'x')
c like concat('a', '%')
c regexp '^[a-z]+$'
c rlike '^b'
c not regexp 'x'
not (c regexp 'x')
c regexp binary 'x'
c sounds like 'x'
a & 1
(a & 1) = 1
a & 1 = 1
a | b ^ 3
a ^ b
~a = 0
a << 2 > 1 | 2
(a << 2) + 1 > 0
a >> 1 > 0
a div 2 <> 1
a mod 2 = 0
a % 2 = 0
mod(a, 2) = 0
a MOD (b + 1) = 0
coalesce(a, b, 0) >= 0
ifnull(a, 1) > 0
nullif(a, b) is null
if(a > 1, b, 3) = 1
isnull(a)
greatest(a, b) < 1000
least(a, b, 3) > -1000
abs(a) > 0
sign(a) = 1
ceil(e) > 0
ceiling(e) > 0
floor(e) > 0
round(e) > 0
round(e, 1) > 0
truncate(e, 1) > 0
power(a, 2) > 0
pow(a, 2) > 0
sqrt(a) > 0
exp(a) > 0
ln(a) > 0
log(a) > 0
log(2, a) > 0
log2(a) > 0
log10(a) > 0
pi() > a
crc32(c) > 0
conv(c, 16, 10) <> '0'
bin(a) <> '0'
oct(a) <> '0'
hex(c) <> '00'
unhex(c) <> 'x'
length(c) > 2
octet_length(c) > 2
char_length(c) > 2
character_length(c) > 2
bit_length(c) > 2
lower(c) = c
lcase(c) = c
upper(c) = c
ucase(c) = c
trim(c) <> ''
trim(both from c) <> ''
trim(leading 'x' from c) <> ''
trim(trailing from c) <> ''
trim(both 'ab' from c) <> ''
ltrim(c) <> ''
rtrim(c) <> ''
left(c, 2) <> 'x'
right(c, 2) <> 'x'
substring(c, 1, 2) <> 'zz'
substring(c from 2) <> 'zz'
substring(c from 2 for 3) <> 'zz'
substr(c, 2) <> 'zz'
mid(c, 2, 3) <> 'zz'
substring_index(c, '.', 1) <> 'x'
locate('x', c) = 0
locate('x', c, 2) = 0
position('x' in c) = 0
instr(c, 'y') = 0
concat(a, '-', b) <> ''
concat_ws('-', a, b) <> ''
replace(c, 'a', 'b') <> c
reverse(c) <> c
repeat(c, 2) <> c
insert(c, 1, 2, 'x') <> c
lpad(c, 5, '0') <> c
rpad(c, 5, '0') <> c
space(3) <> c
strcmp(c, 'x') = 0
field(c, 'a', 'b') > 0
find_in_set(c, 'a,b') > 0
elt(a, 'x', 'y') <> 'z'
make_set(a, 'x', 'y') <> 'z'
ascii(c) > 3
ord(c) > 3
char(65) <> c
char(65 using utf8mb4) <> c
chr(65) <> c
format(e, 2) <> '1'
quote(c) <> ''
soundex(c) <> ''
to_base64(c) <> ''
from_base64(c) <> ''
md5(c) <> ''
sha1(c) <> ''
sha(c) <> ''
sha2(c, 256) <> ''
compress(c) <> ''
regexp_replace(c, 'a', 'b') <> c
regexp_substr(c, 'a') <> c
regexp_instr(c, 'a') > 0
cast(c as unsigned) < 5
cast(c as signed) < 5
cast(c as signed integer) < 5
cast(c as integer) < 5
cast(a as char) = '5'
cast(a as char(10)) = '5'
cast(a as char character set latin1) = '5'
cast(a as nchar(5)) = '5'
cast(c as binary) = 'x'
cast(c as binary(3)) = 'x'
cast(c as date) > '2020-01-01'
cast(c as datetime) > '2020-01-01'
cast(c as datetime(3)) > '2020-01-01'
cast(c as time) > '10:00'
cast(c as time(6)) > '10:00'
cast(c as decimal) > 1
cast(c as decimal(10)) > 1
cast(c as decimal(10,2)) > 1
cast(c as double) > 1
cast(c as float) > 1
convert(c, char(10)) = 'y'
convert(c, unsigned) = 3
convert(c, signed) = 3
convert(c using latin1) = 'x'
convert(c using utf8mb4) = 'x'
c collate utf8mb4_bin <> 'A'
c = 'A' collate utf8mb4_bin
binary c = 'x'
c = _utf8mb4'x'
c = _latin1'x'
c = _binary'x'
a = b'101'
a = 0xFF
c = n'x'
c = 'it''s'
c = "dq"
c = 'back\\slash'
c = 'new\nline'
c = 'tab\tx'
c = 'quote"inside'
c = '%_'
c = 'ünï日本'
c = ''
e = 1.50
e = 1.0
e = 1e3
e = 1.5e-3
e > .5
e > 0.50
a = 12345678901234567890
a > true
a = false
a = null
e between 0.00 and 99.99
d > '2020-01-01'
d > date '2020-01-01'
d > date'2020-01-01'
g > timestamp '2020-01-01 10:00:00'
g > timestamp'2020-01-01 10:00:00.5'
cast(g as time) > time '10:00:00'
g >= d
d + interval 1 day < g
d - interval 1 month < g
d + interval a day < g
d + interval '1:30' hour_minute < g
date_add(d, interval 1 day) < g
date_sub(d, interval 1 week) < g
adddate(d, interval 2 day) < g
adddate(d, 2) < g
subdate(d, 2) < g
subdate(d, interval 2 hour) < g
addtime(g, '01:00:00') > d
subtime(g, '01:00:00') > d
datediff(d, g) > 0
timediff(g, g) = 0
timestampdiff(day, d, g) > 0
timestampdiff(MONTH, d, g) > 0
timestampdiff(second, d, g) > 0
timestampadd(hour, 2, d) > g
timestampadd(YEAR, a, d) > g
extract(year from g) > 2000
extract(day_hour from g) > 2000
year(d) > 1999
month(d) > 1
day(d) > 1
dayofmonth(d) > 1
dayofweek(d) <> 1
dayofyear(d) <> 1
weekday(d) <> 1
week(d, 3) <> 1
weekofyear(d) <> 1
yearweek(d) <> 1
quarter(d) <> 5
hour(g) < 25
minute(g) < 61
second(g) < 61
microsecond(g) >= 0
last_day(d) > d
makedate(2020, a) > d
maketime(1, 2, 3) > '00:00'
to_days(d) > 700000
to_seconds(d) > 0
from_days(a) > d
unix_timestamp(g) > 0
sec_to_time(a) > '00:00'
time_to_sec(g) > 0
period_add(a, 2) > 0
period_diff(a, b) > 0
str_to_date(c, '%Y') > d
time_format(g, '%H') > '01'
get_format(date, 'EUR') <> 'x'
date(g) > d
time(g) > '10:00'
timestamp(d) > g
timestamp(d, '10:00') > g
convert_tz(g, '+00:00', '+01:00') > d
json_valid(f)
json_valid(c)
json_extract(f, '$.a') = 1
json_unquote(json_extract(f, '$.a')) <> 'x'
json_value(f, '$.a') = 1
json_query(f, '$.a') <> '1'
json_length(f) > 0
json_length(f, '$.a') > 0
json_type(f) = 'OBJECT'
json_contains(f, '1', '$.a')
json_exists(f, '$.a')
json_contains_path(f, 'one', '$.a')
json_keys(f) <> ''
json_array(1, 2) <> f
json_object('a', a) <> f
json_search(f, 'one', 'x') is null
json_depth(f) < 5
json_quote(c) <> ''
json_merge(f, f) <> '1'
json_merge_patch(f, f) <> '1'
json_set(f, '$.a', 1) <> '1'
json_insert(f, '$.a', 1) <> '1'
json_remove(f, '$.a') <> '1'
json_compact(f) <> '1'
case when a > 1 then b > 1 else b < 1 end
case a when 1 then 'x' when 2 then 'y' else 'z' end = c
case a when 1 then 'x' end = c
case when a then b end
case when a = 1 and b = 2 or c = 'x' then 1 else 0 end = 1
(case when a is null then 0 else 1 end) + (case when b is null then 0 else 1 end) = 1
inet_aton(c) > 0
inet_ntoa(a) <> 'x'
inet6_aton(c) <> 'x'
is_ipv4(c)
is_ipv6(c)
uncompress(c) <> 'x'
nvl(a, 1) > 0
nvl2(a, 1, 2) > 0
a = 1 = 1
(a = 1) = (b = 2)
a = (b = 2)
(a > 1) + (b > 1) = 1
(a > 1) and (b > 1) = 1
a + 1 and b
(a or b) = 1
(a and b) or 0
not (a > 1 and b)
not (a + 1)
not coalesce(a, b)
not c
c
length(c)
a > 0 and length(c)
a is not null and b is not null or a is null and b is null
((a is null) or (b > 3)) and ((c is not null))
`a` > 0
A > 0 and `B` > 1
a > 0 /* comment */
a > 0 -- tail
nullif(trim(c), '') is not null
concat(c, ' ', coalesce(c, '')) <> ' '
lower(trim(c)) = lower(c)
c regexp '^[A-Za-z0-9._%-]+@[A-Za-z0-9.-]+[.][A-Za-z]+$'
e * 100 = floor(e * 100)
(a % 2) + (b % 2) = 1
(a + b) % 3 = 0
a - b + c > 0
a - (b + c) > 0
a * (b / c) > 0
a / b * c > 0
a div (b div 2) > 0
a & (b | 1) > 0
a | (b & 1) > 0
(a | b) & 1 > 0
a ^ (b ^ 1) > 0
-a * b > 0
-(a * b) > 0
(-a) * b > 0
~(a + b) > 0
interval(a, 1, 2, 3) > 0
a <=> null
a = 1 is not null
binary(c) = 'x'
char_length(c) between 1 and 10 and c = lower(c)
ifnull(json_extract(f, '$.a'), 0) = 0
date(g) = cast(g as date)
sformat('{}', c) <> ''
trim('x' from c) <> ''
row(a, b) = row(1, 2)
c like '%\\%'
c = '\\'
c = 'a\0b'
c = '\'' or c = '"'
c = 'a' 'b'
e > -1.5
a = - 5
a > 0x0
`d` is not null = 1
st_x(p) > 0
st_contains(p, p)
st_astext(p) <> ''
point(a, b) = p
