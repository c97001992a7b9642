-- Checks that the database is as load.sql makes it: one line for each finding, an error when one is not as expected. psql
-- variable n: the rows of each large relation. Then the settings that the server runs with, one line each.
\pset format unaligned
\pset tuples_only on
\pset fieldsep ' '
set client_min_messages = warning;

create temp table finding (what text, expected numeric, counted numeric);

-- n different keys, all multiples of the step from 0 to n steps, without 1 step: that leaves exactly the right ones.
create function pg_temp.key_set(relation text, attribute text, step bigint, n bigint) returns void language plpgsql as $$
declare
  rows bigint; kinds bigint; least bigint; most bigint; odd bigint;
begin
  execute format('select count(*), count(distinct %1$I), min(%1$I), max(%1$I),
    count(*) filter (where %1$I %% %2$s <> 0 or %1$I = %2$s) from %3$I', attribute, step, relation)
    into rows, kinds, least, most, odd;
  insert into finding values
    (format('%s rows', relation), n, rows),
    (format('%s.%s distinct', relation, attribute), n, kinds),
    (format('%s.%s least', relation, attribute), 0, least),
    (format('%s.%s most', relation, attribute), n * step, most),
    (format('%s.%s not of the set', relation, attribute), 0, odd);
end $$;

-- As many groups as wanted, all of the same size.
create function pg_temp.groups(relation text, attribute text, wanted bigint, n bigint) returns void language plpgsql as $$
declare
  kinds bigint; least bigint; most bigint;
begin
  execute format('select count(*), min(size), max(size) from (select count(*) as size from %I group by %I) as g',
    relation, attribute) into kinds, least, most;
  insert into finding values
    (format('%s.%s groups', relation, attribute), wanted, kinds),
    (format('%s.%s smallest group', relation, attribute), n / wanted, least),
    (format('%s.%s largest group', relation, attribute), n / wanted, most);
end $$;

create function pg_temp.planted(relation text, attribute text, content text, wanted bigint) returns void
language plpgsql as $$
declare
  rows bigint;
begin
  execute format('select count(*) from %I where %I = %L', relation, attribute, content) into rows;
  insert into finding values (format('%s.%s %s', relation, attribute, replace(content, ' ', '_')), wanted, rows);
end $$;

\o /dev/null
select pg_temp.key_set('updates', 'col_key', 1, :n), pg_temp.key_set('hundred', 'col_key', 1, :n),
  pg_temp.key_set('uniques', 'col_key', 1000000000 / :n, :n), pg_temp.key_set('tenpct', 'col_key', 1000000000 / :n, :n),
  pg_temp.key_set('hundred', 'col_int', 1000000000 / :n, :n);
select pg_temp.groups(relation, 'col_code', :n, :n)
from unnest(array['uniques', 'hundred', 'tenpct', 'updates']) as relation;
select pg_temp.groups(relation, attribute, :n, :n)
from unnest(array['uniques', 'updates']) as relation, unnest(array['col_signed', 'col_decim', 'col_name']) as attribute;
select pg_temp.groups('hundred', attribute, 100, :n)
from unnest(array['col_signed', 'col_float', 'col_double', 'col_decim', 'col_name', 'col_address']) as attribute;
select pg_temp.groups('tenpct', 'col_name', 10, :n), pg_temp.groups('tenpct', 'col_signed', :n, :n),
  pg_temp.groups('tenpct', 'col_double', :n / 10, :n), pg_temp.groups('tenpct', 'col_decim', :n / 10, :n);
select pg_temp.planted(relation, 'col_code', 'BENCHMARKS', 1), pg_temp.planted(relation, 'col_name',
    'THE+ASAP+BENCHMARKS+', names), pg_temp.planted(relation, 'col_address', 'SILICON VALLEY', addresses)
from (values ('uniques', 1, 1), ('updates', 1, 1), ('hundred', :n / 100, :n / 100), ('tenpct', :n / 10, 10))
  as wanted (relation, names, addresses);
\o

insert into finding
select 'updates and uniques: col_int is col_key', 2 * :n,
  (select count(*) from updates where col_int = col_key) + (select count(*) from uniques where col_int = col_key)
union all
select 'updates.col_float values', 10, count(distinct col_float) from updates
union all
select 'updates.col_decim least', -1000000000, min(col_decim) from updates
union all
select 'updates.col_decim most', 1000000000, max(col_decim) from updates
union all
select 'updates.col_double beyond 10^9', 0, count(*) from updates where abs(col_double) > 1000000000
union all
select 'updates.col_date outside its 36860 days', 0, count(*) from updates
where to_date(col_date, 'MM/DD/YYYY') not between date '1900-01-01' and date '1900-01-01' + 36859
union all
select 'updates.col_address length beyond 2 to 80', 0, count(*) from updates where length(col_address) not between 2 and 80
union all
select 'updates.col_address mean length', 20, round(avg(length(col_address))) from updates
union all
select 'tiny rows', 1, count(*) from tiny
union all
select 'unique indexes on col_key', 4, count(*) from pg_indexes
where schemaname = 'public' and indexdef like 'CREATE UNIQUE INDEX % USING btree (col_key)'
union all
select 'indexes', 19, count(*) from pg_indexes where schemaname = 'public';

select case when expected = counted then 'ok' else 'WRONG' end, replace(what, ' ', '_'), 'expected', expected, 'found', counted
from finding;
select 'setting', name, setting from pg_settings where source not in ('default', 'override') order by name;
do $$
declare
  wrong text;
begin
  select string_agg(format('%s is %s, not %s', what, counted, expected), '; ') into wrong
  from finding where expected is distinct from counted;
  if wrong is not null then
    raise exception 'the database is not as AS3AP describes it: %', wrong;
  end if;
end $$;
