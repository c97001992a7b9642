-- Makes an AS3AP database. psql variables: n, the rows of each of the four large relations (a multiple of 10000, at most
-- 1600000), and seed (0 to 999999). The same n and seed make the same rows.
--
-- One set of random data is drawn and shared out to the relations, as the Open Source Database Benchmark does. Chance is
-- x^5 modulo the prime 2^31 - 1: a bijection, as 5 does not divide 2^31 - 2, so that ordering by it is a permutation
-- without ties; and it stays within 62 bits.
set client_min_messages = warning;
set default_statistics_target = 10;
begin;

create function pg_temp.fifth_power(x bigint) returns bigint immutable language sql as
  'select (x * x % 2147483647) * (x * x % 2147483647) % 2147483647 * x % 2147483647';
-- The number of row i in one of many streams: 0 to 2^31 - 2.
create function pg_temp.draw(i bigint, stream int) returns bigint immutable language sql as
  'select pg_temp.fifth_power((i * 48271 + stream * 16807::bigint) % 2147483647)';
-- A draw as a whole number from 0 to count - 1.
create function pg_temp.below(count bigint, draw bigint) returns int immutable language sql as
  'select (draw * count / 2147483647)::int';
-- Digits of AS3AP's texts: 0 to 9, A to Z.
create function pg_temp.digit(v bigint) returns text immutable language sql as
  'select substr(''0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'', (v % 36)::int + 1, 1)';
-- Four digits, most significant first: 36^4 values.
create function pg_temp.digits(v bigint) returns text immutable language sql as
  'select pg_temp.digit(v / 46656) || pg_temp.digit(v / 1296) || pg_temp.digit(v / 36) || pg_temp.digit(v)';

-- 4096 random digits and the 80 after them; an address is a cut from here, codes and names share its beginning.
select string_agg(pg_temp.digit(pg_temp.below(36, pg_temp.draw(k, :seed * 32 + 1))), '' order by k) as pool
from generate_series(1, 4176) as k \gset

-- Cumulated probabilities, in units of draws: Poisson of mean 18 cut at 78, and 1/rank^2 over ten ranks.
select array_agg(threshold order by k) as poisson
from (select k, floor(2147483647 * sum(exp(-18.0::float8) * 18.0::float8 ^ k / factorial(k)::float8)
                                     over (order by k))::bigint as threshold
      from generate_series(0, 77) as k) as cumulated \gset
select array_agg(threshold order by rank) as zipf
from (select rank, floor(2147483647 * sum(1.0::float8 / rank ^ 2) over (order by rank)
                         / sum(1.0::float8 / rank ^ 2) over ())::bigint as threshold
      from generate_series(1, 10) as rank) as cumulated
where rank < 10 \gset

-- Row 0 has key 0 and row i key i + 1: there is no key 1. The order of the rows on disk is random.
create temp table random_data on commit drop as
select i, dense, signed_rank, decim_rank, group_rank, zipf, normal, day,
  case when i = 0 then 'BENCHMARKS' else substr(:'pool', 1, 6) || pg_temp.digits(text_rank) end as code,
  case when i = 0 then 'THE+ASAP+BENCHMARKS+' else substr(:'pool', 7, 16) || pg_temp.digits(text_rank) end as name,
  case when i = 0 then 'SILICON VALLEY' else address end as address
from (
  select i,
    case when i = 0 then 0 else i + 1 end as dense,
    row_number() over (order by pg_temp.draw(i, :seed * 32 + 2)) - 1 as signed_rank,
    row_number() over (order by pg_temp.draw(i, :seed * 32 + 3)) - 1 as decim_rank,
    row_number() over (order by pg_temp.draw(i, :seed * 32 + 4)) - 1 as group_rank,
    row_number() over (order by pg_temp.draw(i, :seed * 32 + 5)) - 1 as text_rank,
    -500000000 + 111111111 * width_bucket(pg_temp.draw(i, :seed * 32 + 6), :'zipf'::bigint[]) as zipf,
    round(241700000 * sqrt(-2 * ln((pg_temp.draw(i, :seed * 32 + 7) + 1) / 2147483648.0::float8))
          * cos(2 * pi() * pg_temp.draw(i, :seed * 32 + 8) / 2147483647)) as normal,
    to_char(date '1900-01-01' + pg_temp.below(36860, pg_temp.draw(i, :seed * 32 + 9)), 'FMMM/FMDD/YYYY') as day,
    left(reverse(pg_temp.digits(i)) || substr(:'pool', 1 + pg_temp.below(4096, pg_temp.draw(i, :seed * 32 + 10)), 76),
         2 + width_bucket(pg_temp.draw(i, :seed * 32 + 11), :'poisson'::bigint[])) as address
  from generate_series(0, :n - 1) as i
) as drawn
order by pg_temp.draw(i, :seed * 32 + 12);
analyze random_data;

create table uniques (
  col_key int not null, col_int int not null, col_signed int, col_float real not null,
  col_double double precision not null, col_decim numeric(18,2) not null, col_date char(20) not null,
  col_code char(10) not null, col_name char(20) not null, col_address varchar(80) not null);
create table hundred (like uniques including all);
create table tenpct (like uniques including all);
create table updates (like uniques including all);
create table tiny (col_key int not null);

insert into uniques
select dense * (1000000000 / :n), dense * (1000000000 / :n), signed_rank * (1000000000 / :n) - 500000000, zipf,
  greatest(-1000000000, least(1000000000, normal)), decim_rank * 2000000000.0 / (:n - 1) - 1000000000,
  day, code, name, address
from random_data;
insert into updates
select dense, dense, signed_rank * (1000000000 / :n) - 500000000, zipf,
  greatest(-1000000000, least(1000000000, normal)), decim_rank * 2000000000.0 / (:n - 1) - 1000000000,
  day, code, name, address
from random_data;
-- A hundred groups: col_signed counts one way through the ranks, the other columns the other way, so that each pair
-- of groups occurs.
insert into hundred
select each.dense, each.dense * (1000000000 / :n), 100 + each.group_rank % 100,
  -500000000 + 10000000 * shared.i, -1000000000 + 20000000 * shared.i, -1000000000 + 20000000 * shared.i,
  each.day, each.code, shared.name, shared.address
from random_data as each join random_data as shared on shared.i = each.group_rank / 100 % 100;
-- Ten names, each in a tenth of the rows; n / 10 values of the other shared columns, each in ten rows.
insert into tenpct
select each.dense * (1000000000 / :n), each.dense * (1000000000 / :n),
  each.signed_rank * (1000000000 / :n) - 500000000, each.zipf,
  -1000000000 + (2000000000 / (:n / 10)) * (shared.i + 1), -1000000000 + (2000000000 / (:n / 10)) * (shared.i + 1),
  each.day, each.code, named.name, shared.address
from random_data as each
join random_data as shared on shared.i = each.group_rank / 10
join random_data as named on named.i = each.group_rank % 10;
insert into tiny values (0);

create unique index uniques_key_bt on uniques using btree (col_key);
create unique index updates_key_bt on updates using btree (col_key);
create unique index hundred_key_bt on hundred using btree (col_key);
create unique index tenpct_key_bt on tenpct using btree (col_key);
create index tenpct_key_code_bt on tenpct using btree (col_key, col_code);
create index tiny_key_bt on tiny using btree (col_key);
create index tenpct_int_bt on tenpct using btree (col_int);
create index tenpct_signed_bt on tenpct using btree (col_signed);
create index uniques_code_h on uniques using hash (col_code);
create index tenpct_double_bt on tenpct using btree (col_double);
create index updates_decim_bt on updates using btree (col_decim);
create index tenpct_float_bt on tenpct using btree (col_float);
create index updates_int_bt on updates using btree (col_int);
create index tenpct_decim_bt on tenpct using btree (col_decim);
create index hundred_code_h on hundred using hash (col_code);
create index tenpct_name_h on tenpct using hash (col_name);
create index updates_code_h on updates using hash (col_code);
create index tenpct_code_h on tenpct using hash (col_code);
create index updates_double_bt on updates using btree (col_double);
alter table hundred add constraint hundred_foreign foreign key (col_signed) references updates (col_key);
commit;

-- Now, so that no later read has to write what it finds out about a row.
vacuum (freeze, analyze);
