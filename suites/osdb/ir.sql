\set k random(0, :n - 2)
\set r :k + least(:k, 1)
select col_key, col_code, col_date, col_signed, col_name from updates where col_key = :r;
