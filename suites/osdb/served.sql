-- What the server has counted for its own tables so far: rows of updates found through an index, rows read by scanning a
-- relation, and blocks that were not in its cache. A session's counts are added when it ends, so the others' end is
-- awaited; before PostgreSQL 15 they then go through a process that writes them down twice a second.
\pset format unaligned
\pset tuples_only on
\pset fieldsep ' '
do $$
begin
  for attempt in 1..400 loop
    perform pg_stat_clear_snapshot();
    exit when not exists (
      select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid());
    perform pg_sleep(0.05);
  end loop;
  if current_setting('server_version_num')::int < 150000 then
    perform pg_sleep(1.5);
  end if;
end $$;
select 'rows-found', idx_tup_fetch from pg_stat_user_tables where relname = 'updates';
select 'rows-scanned', sum(seq_tup_read) from pg_stat_user_tables;
select 'blocks-not-cached', sum(heap_blks_read + coalesce(idx_blks_read, 0)) from pg_statio_user_tables;
