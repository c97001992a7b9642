-- Brings all of updates and of the index that the queries use into the server's cache.
set enable_seqscan = off;
set enable_bitmapscan = off;
set enable_indexonlyscan = off;
select count(*) as rows, sum(length(col_name)) as characters from updates where col_key >= 0;
