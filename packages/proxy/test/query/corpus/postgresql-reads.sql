-- One statement a line; all of them must work on a share that can only read. `--16` before one: from PostgreSQL 16 on.
-- Plain
SELECT 1
select 1;
SELECT 1 AS one, 'two' AS two, 3.0 AS three, NULL AS four, true AS five
SELECT
TABLE text_tbl
VALUES (1, 'a'), (2, 'b')
VALUES (1,2), (3,4+4), (7,77.7) ORDER BY 1 DESC LIMIT 2
SELECT * FROM customers
SELECT id, name FROM customers ORDER BY id LIMIT 10 OFFSET 5
SELECT * FROM customers WHERE email = 'c7@example.test'
SELECT count(*), count(DISTINCT mood), min(born), max(born) FROM customers
SELECT mood, count(*) FROM customers GROUP BY mood HAVING count(*) > 1 ORDER BY mood
SELECT DISTINCT mood FROM customers
SELECT DISTINCT ON (customer_id) customer_id, total FROM orders ORDER BY customer_id, total DESC
SELECT c.name, o.total FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.total > 1200
SELECT c.name, o.total FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND o.total > 1200
SELECT * FROM customers c NATURAL JOIN department d
SELECT * FROM customers JOIN orders USING (id)
SELECT * FROM customers c CROSS JOIN LATERAL (SELECT * FROM orders o WHERE o.customer_id = c.id LIMIT 1) AS last
SELECT name FROM customers WHERE id IN (SELECT customer_id FROM orders WHERE note = 'gift')
SELECT name FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)
SELECT name FROM customers c WHERE id = ANY (ARRAY(SELECT customer_id FROM orders LIMIT 3))
SELECT (SELECT max(total) FROM orders WHERE customer_id = c.id) AS top FROM customers c
SELECT * FROM big_orders LIMIT 3
SELECT * FROM order_totals ORDER BY total DESC FETCH FIRST 3 ROWS ONLY
SELECT * FROM order_totals ORDER BY total FETCH FIRST 3 ROWS WITH TIES
SELECT * FROM measurements WHERE day > '2024-06-01'
SELECT tableoid::regclass, count(*) FROM measurements GROUP BY 1
SELECT * FROM ONLY measurements
SELECT "Mixed Case", "名", "a""b" FROM "Quoted Table"
SELECT * FROM public.customers AS c (a, b, c) LIMIT 1
SELECT (home).street, (home).zip FROM customers LIMIT 2
SELECT home FROM customers LIMIT 2
SELECT c FROM customers c LIMIT 1
SELECT (c).* FROM customers c LIMIT 1
SELECT c.id FROM customers c UNION SELECT customer_id FROM orders ORDER BY 1 LIMIT 5
SELECT id FROM customers INTERSECT SELECT customer_id FROM orders
SELECT id FROM customers EXCEPT ALL SELECT customer_id FROM orders
SELECT name AS select FROM customers LIMIT 1
SELECT 'insert into ledger values (1, 1)' AS harmless
SELECT 'a;b' AS semicolon -- ; drop table customers
SELECT /* nested /* comment */ ; delete from ledger */ 1
SELECT $$drop table customers; commit$$ AS text
SELECT $x$a $$ b$x$, E'\'\\', 'it''s', U&'d\0061t\+000061'
SELECT U&"n\0061me" FROM customers LIMIT 1
SELECT '；' AS homoglyph
SELECT 1 AS "drop", 2 AS "insert into"
-- WITH
WITH t AS (SELECT 1 AS a) SELECT * FROM t
WITH a AS (SELECT id FROM customers), b AS (SELECT * FROM a WHERE id < 5) SELECT * FROM b
WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 100) SELECT sum(n) FROM t
WITH RECURSIVE sub AS (SELECT * FROM department WHERE name = 'A' UNION ALL SELECT d.* FROM department d JOIN sub ON d.parent = sub.id) SELECT * FROM sub ORDER BY name
WITH RECURSIVE g(id, parent) AS (SELECT id, parent FROM department WHERE id = 0 UNION ALL SELECT d.id, d.parent FROM department d JOIN g ON d.parent = g.id) SEARCH DEPTH FIRST BY id SET path SELECT * FROM g
WITH RECURSIVE g(id, parent) AS (SELECT id, parent FROM department WHERE id = 0 UNION ALL SELECT d.id, d.parent FROM department d JOIN g ON d.parent = g.id) CYCLE id SET looped USING path SELECT * FROM g
WITH t AS MATERIALIZED (SELECT * FROM orders) SELECT count(*) FROM t
WITH t AS NOT MATERIALIZED (SELECT * FROM orders) SELECT count(*) FROM t WHERE id < 3
WITH x AS (SELECT 1) TABLE x
WITH t(n) AS (SELECT 1) VALUES ((SELECT n FROM t))
-- Windows, grouping
SELECT id, sum(total) OVER (PARTITION BY customer_id ORDER BY id) FROM orders LIMIT 5
SELECT id, rank() OVER w, lag(total, 1, 0) OVER w FROM orders WINDOW w AS (ORDER BY total DESC) LIMIT 5
SELECT id, avg(total) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM orders LIMIT 5
SELECT customer_id, note, sum(total) FROM orders GROUP BY GROUPING SETS ((customer_id), (note), ()) LIMIT 9
SELECT customer_id, note, grouping(customer_id, note), sum(total) FROM orders GROUP BY ROLLUP (customer_id, note) LIMIT 9
SELECT mood, born, count(*) FROM customers GROUP BY CUBE (mood, born) LIMIT 9
SELECT count(*) FILTER (WHERE note IS NULL), count(*) FROM orders
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total) FROM orders
SELECT mode() WITHIN GROUP (ORDER BY note) FROM orders
SELECT string_agg(name, ', ' ORDER BY id) FROM customers WHERE id < 4
SELECT array_agg(DISTINCT mood), json_agg(id), jsonb_object_agg(id, name) FROM customers WHERE id < 4
SELECT ntile(4) OVER (ORDER BY id), first_value(name) OVER (ORDER BY id), nth_value(name, 2) OVER (ORDER BY id) FROM customers LIMIT 4
-- Expressions
SELECT 2 + 2 * 2, 7 / 2, 7 % 2, 2 ^ 10, -5, @ -5, |/ 16, 5 # 3, 1 << 3, ~ 1
SELECT 1 = 1, 1 <> 2, 1 IS DISTINCT FROM NULL, NULL IS NULL, true AND NOT false OR NULL
SELECT 5 BETWEEN 1 AND 10, 5 BETWEEN SYMMETRIC 10 AND 1, 'abc' LIKE 'a%', 'abc' ILIKE 'A_C', 'abc' SIMILAR TO '(a|b)%', 'abc' ~ '^a', 'abc' !~* 'X'
SELECT CASE WHEN id % 2 = 0 THEN 'even' ELSE 'odd' END, CASE id WHEN 1 THEN 'one' END FROM customers LIMIT 2
SELECT coalesce(NULL, 1), nullif(1, 1), greatest(1, 2, 3), least(1, 2)
SELECT '1'::int, CAST('2' AS bigint), int '3', float8 '1.5', '{1,2}'::int[], 'ok'::mood, '5'::cents
SELECT ARRAY[1, 2, 3], ARRAY[[1, 2], [3, 4]], ARRAY[1, 2] || 3, (ARRAY[1, 2, 3])[2], (ARRAY[1, 2, 3])[2:], 2 = ANY (ARRAY[1, 2])
SELECT ROW(1, 'a'), ROW(1, 2) < ROW(1, 3), (1, 2) = (1, 2)
SELECT extract(year FROM now()), date_trunc('month', now()), now() - interval '1 day', age(timestamp '2024-01-01', timestamp '2000-02-29')
SELECT current_date, current_time, current_timestamp, localtime, localtimestamp, current_user, session_user, current_catalog, current_schema
SELECT now() AT TIME ZONE 'America/New_York', timestamptz '2024-01-01 12:00+02' AT TIME ZONE 'UTC'
SELECT to_char(now(), 'YYYY-MM-DD'), to_date('2024', 'YYYY'), to_timestamp(0), make_date(2024, 2, 29), make_interval(days => 3)
SELECT upper('x'), lower('X'), length('名'), octet_length('名'), substring('abcdef' FROM 2 FOR 3), trim(BOTH 'x' FROM 'xax'), position('b' IN 'abc'), overlay('abc' PLACING 'X' FROM 2)
SELECT regexp_replace('foobar', 'o+', '0', 'g'), regexp_matches('a1b2', '\d', 'g'), split_part('a,b', ',', 2), format('%s %I %L', 'a', 'b c', 'd''e')
SELECT md5('x'), sha256('x'::bytea), encode('\x01ff'::bytea, 'base64'), decode('ff', 'hex')
SELECT round(1.5), ceil(1.1), floor(1.9), sqrt(2), power(2, 3), ln(10), random() < 2, pi()
SELECT doc -> 'nested' ->> 'a', doc #>> '{nested,a}', doc @> '{"n": 1}', doc ? 'n', jsonb_path_query(doc, '$.nested.a') FROM customers LIMIT 3
SELECT jsonb_set(doc, '{n}', '0'), doc - 'n', jsonb_pretty(doc), jsonb_each_text(doc) FROM customers LIMIT 2
SELECT row_to_json(c), to_jsonb(c) FROM customers c LIMIT 2
SELECT * FROM json_to_recordset('[{"a":1,"b":"x"}]') AS t (a int, b text)
SELECT * FROM jsonb_populate_record(NULL::address, '{"street": "s", "zip": 1}')
SELECT xmlelement(name a, xmlattributes(1 AS b), 'c'), xmlforest(1 AS x, 2 AS y), xmlconcat('<a/>', '<b/>'), xmlagg(xmlelement(name n, id)) FROM customers WHERE id < 3 GROUP BY ()
SELECT xpath('/a/b/text()', '<a><b>1</b></a>'), xmlserialize(CONTENT '<a/>' AS text), xmlexists('/a' PASSING BY REF '<a/>'), '<a/>'::xml IS DOCUMENT
SELECT * FROM xmltable('/r/i' PASSING '<r><i a="1">x</i></r>' COLUMNS n FOR ORDINALITY, a int PATH '@a', t text PATH '.' DEFAULT '-')
SELECT to_tsvector('english', 'The fat cats') @@ to_tsquery('english', 'cat & fat'), ts_rank(to_tsvector('a b'), 'a'::tsquery), ts_headline('fat cat', 'cat'::tsquery)
SELECT int4range(1, 5) @> 3, daterange('2024-01-01', '2024-02-01') && daterange('2024-01-15', NULL), '[1,2)'::int4range + '[2,5)'::int4range, '{[1,2),[5,6)}'::int4multirange
SELECT point '(1,2)' <-> point '(4,6)', box '((0,0),(1,1))', circle '<(0,0),1>' @> point '(0.5,0)', area(box '((0,0),(2,2))'), path '((0,0),(1,1))', polygon '((0,0),(1,1),(1,0))', lseg '[(0,0),(1,1)]', line '{1,2,3}'
SELECT inet '10.0.0.1/24', cidr '10.0.0.0/8' >> inet '10.1.1.1', host(inet '10.0.0.1'), macaddr '08:00:2b:01:02:03', network(inet '10.1.2.3/16')
SELECT B'101' & B'110', X'1F', '10'::bit(2), bit_length('abc')
SELECT gen_random_uuid() IS NOT NULL, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid, '12.34'::money, '$1,000.50'::money
SELECT interval '1 year 2 months 3 days 04:05:06.7', justify_hours(interval '27 hours'), interval '1' DAY, interval '2-3' YEAR TO MONTH
SELECT 'NaN'::float8, 'Infinity'::float8, '-Infinity'::numeric, 'NaN'::numeric, 1e400::numeric, 9223372036854775807::int8
SELECT 'a' COLLATE "C" < 'b' COLLATE "C", collation for ('a' COLLATE "C")
SELECT name FROM customers ORDER BY name COLLATE "C" DESC NULLS LAST LIMIT 2
SELECT (date '2024-01-01', date '2024-02-01') OVERLAPS (date '2024-01-15', interval '1 day')
SELECT doubled(21), public.doubled(n => 4)
SELECT * FROM generate_series(1, 3) WITH ORDINALITY AS g (n, i)
SELECT * FROM ROWS FROM (generate_series(1, 2), unnest(ARRAY['a', 'b', 'c'])) AS r (n, t)
SELECT unnest(tags), id FROM customers LIMIT 4
SELECT * FROM unnest(ARRAY[1, 2], ARRAY['a', 'b']) AS u (n, t)
SELECT generate_subscripts(ARRAY[4, 5], 1), cardinality(ARRAY[1, 2]), array_position(ARRAY[1, 2], 2), array_to_string(ARRAY[1, NULL], ',', '*')
SELECT * FROM tenk1 TABLESAMPLE system (50) REPEATABLE (1) LIMIT 3
SELECT count(*) FROM tenk1 TABLESAMPLE bernoulli (50)
SELECT 1 WHERE 1 = 1 AND EXISTS (VALUES (1))
SELECT num_nulls(1, NULL), pg_typeof(1), pg_column_size('x'::text), version() LIKE 'PostgreSQL%'
SELECT 1 = ALL (ARRAY[1]) FROM (SELECT 1) s WHERE 1 > ALL (ARRAY[0])
-- Catalog, sizes, settings
SELECT relname FROM pg_class WHERE relkind = 'r' LIMIT 3
SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2
SELECT pg_get_viewdef('big_orders'::regclass), pg_get_indexdef(indexrelid) FROM pg_index LIMIT 1
SELECT pg_size_pretty(pg_total_relation_size('customers')), pg_relation_size('customers'), pg_database_size(current_database())
SELECT obj_description('customers'::regclass), col_description('customers'::regclass, 1), has_table_privilege('customers', 'SELECT')
SELECT name, setting FROM pg_settings WHERE name = 'server_version'
SELECT current_setting('server_version_num'), pg_is_in_recovery(), pg_backend_pid() > 0, clock_timestamp() > now(), txid_current_if_assigned()
SELECT datname FROM pg_database; -- trailing comment
SELECT * FROM pg_locks LIMIT 1
SELECT * FROM pg_stat_activity LIMIT 1
SELECT last_value FROM counter
SHOW server_version
SHOW ALL
SHOW search_path
SHOW TimeZone
SHOW TRANSACTION ISOLATION LEVEL
SHOW transaction_read_only
EXPLAIN SELECT * FROM customers
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT count(*) FROM orders
EXPLAIN (FORMAT JSON, VERBOSE) SELECT * FROM orders WHERE id = 1
EXPLAIN ANALYZE VALUES (1)
EXPLAIN VERBOSE WITH t AS (SELECT 1) SELECT * FROM t
EXPLAIN (FORMAT YAML, BUFFERS, ANALYZE) TABLE text_tbl
EXPLAIN INSERT INTO ledger VALUES (2, 2)
EXPLAIN UPDATE ledger SET amount = 0
EXPLAIN (COSTS OFF) DELETE FROM ledger WHERE id = 1
-- In the style of PostgreSQL's own regression suite (select, join, subselect, aggregates, case, union, window, with)
SELECT * FROM tenk1 WHERE tenk1.unique1 < 10 ORDER BY tenk1.unique1
SELECT tenk1.unique1, tenk1.stringu1 FROM tenk1 WHERE tenk1.unique1 < 20 ORDER BY unique1 using >
SELECT tenk1.unique1, tenk1.string4 FROM tenk1 WHERE tenk1.unique1 > 980 ORDER BY string4 using <, unique1 using >
SELECT two, stringu1, ten, string4 FROM tenk1 WHERE unique1 < 20 ORDER BY two using <, stringu1 using <
SELECT p.name, p.age FROM emp* p ORDER BY age using >, name
SELECT f1 FROM int4_tbl ORDER BY f1 NULLS FIRST
SELECT foo FROM (SELECT 1 OFFSET 0) AS foo
SELECT foo FROM (SELECT NULL OFFSET 0) AS foo
SELECT foo FROM (SELECT 'xyzzy', 1, NULL OFFSET 0) AS foo
SELECT * FROM tenk1 t JOIN (VALUES (147, 'RFAAAA'), (931, 'VJAAAA')) AS v (i, j) ON t.unique1 = v.i AND t.stringu1 <> v.j
SELECT * FROM tenk1, (VALUES (0), (1)) v (two) WHERE tenk1.two = v.two LIMIT 2
SELECT * FROM int4_tbl WHERE f1 IN (SELECT q1 FROM int8_tbl UNION ALL SELECT f1 FROM int4_tbl)
SELECT q1, float8(count(*)) / (SELECT count(*) FROM int8_tbl) FROM int8_tbl GROUP BY q1 ORDER BY q1
SELECT '' AS five, f1 AS "Correlated Field" FROM int4_tbl s WHERE f1 IN (SELECT f1 FROM int4_tbl u WHERE u.f1 = s.f1)
SELECT (SELECT 1) + (SELECT 2) AS three, ((SELECT (SELECT 2)) UNION SELECT 2)
SELECT * FROM ((SELECT 1 AS x)) ss
--16SELECT * FROM ((SELECT 1 AS x) UNION SELECT * FROM ((SELECT 2 AS x))) ss
SELECT count(*) FROM (SELECT 1 FROM tenk1 a WHERE unique1 IN (SELECT hundred FROM tenk1 b)) ss
SELECT q1 FROM int8_tbl INTERSECT SELECT q2 FROM int8_tbl UNION ALL SELECT q2 FROM int8_tbl ORDER BY 1
SELECT q1 FROM int8_tbl UNION ALL (((SELECT q2 FROM int8_tbl EXCEPT SELECT q1 FROM int8_tbl))) ORDER BY 1
SELECT avg(f1), stddev_pop(f1), var_samp(f1), sum(f1::numeric) FROM float8_tbl WHERE abs(f1) < 1e6
SELECT regr_count(unique1, two), corr(unique1, unique2), covar_pop(unique1, two), bit_and(four), bool_or(two = 1), every(two >= 0) FROM tenk1
SELECT ten, sum(DISTINCT four) FROM tenk1 a GROUP BY ten HAVING EXISTS (SELECT 1 FROM tenk1 b WHERE sum(DISTINCT a.four) = b.four)
SELECT max(unique1) FROM tenk1 WHERE unique1 < 42 ORDER BY 1
SELECT rank(3) WITHIN GROUP (ORDER BY x) FROM (VALUES (1), (1), (2), (2), (3), (3), (4)) v (x)
SELECT CASE WHEN f1 > 0 THEN 'pos' WHEN f1 < 0 THEN 'neg' ELSE 'zero' END AS sign, f1 FROM int4_tbl
SELECT i.f1, j.q1 FROM int4_tbl i FULL JOIN int8_tbl j ON i.f1 = j.q1
SELECT * FROM (int4_tbl CROSS JOIN text_tbl) AS x (a, b)
SELECT * FROM int8_tbl a LEFT JOIN (int4_tbl b JOIN text_tbl c ON true) ON a.q1 = b.f1
SELECT sum(unique1) OVER (ORDER BY four RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING), unique1, four FROM tenk1 WHERE unique1 < 10
SELECT sum(unique1) OVER (ORDER BY unique1 GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING), unique1 FROM tenk1 WHERE unique1 < 10
SELECT last_value(ten) OVER (PARTITION BY four), ten, four FROM (SELECT * FROM tenk1 WHERE unique2 < 10 ORDER BY four, ten) s ORDER BY four, ten
WITH RECURSIVE q AS (SELECT * FROM department UNION ALL (WITH x AS (SELECT * FROM q) SELECT * FROM x)) SELECT * FROM q LIMIT 24
WITH cte(foo) AS (VALUES (42)) VALUES ((SELECT foo FROM cte))
SELECT f1, f1 <-> point '(0,0)' AS dist FROM point_tbl ORDER BY f1 <-> point '(0,0)'
SELECT f1 - date '2000-01-01' AS days FROM date_tbl WHERE isfinite(f1)
SELECT f1 AS "Fifteen" FROM date_tbl WHERE f1 < '1957-04-10'
SELECT date_part('epoch', TIMESTAMP '2024-01-01'), extract(isodow FROM date '2024-01-01'), date_bin('15 minutes', timestamp '2020-02-11 15:44:17', timestamp '2001-01-01')
SELECT * FROM (VALUES (1, NULL::int), (2, 3)) AS t (a, b) WHERE (a, b) IS NOT NULL
SELECT (ARRAY[[1, 2], [3, 4]])[1:2][1:1], array_fill(0, ARRAY[2, 2]), '[0:1]={1,2}'::int[]
SELECT lpad('hi', 5, 'xy'), rpad('hi', 5), repeat('ab', 3), reverse('abc'), chr(65), ascii('A'), initcap('hi THOMAS'), translate('12345', '143', 'ax'), quote_literal('a''b'), strpos('high', 'ig')
SELECT to_number('12,454.8-', '99G999D9S'), to_hex(255), width_bucket(5.35, 0.024, 10.06, 5), gcd(12, 18), factorial(5), scale(8.41), trunc(42.4382, 2), sign(-8.4), div(9, 4), mod(9, 4)
--16SELECT any_value(id) FROM customers
--16SELECT '{"a": 1}' IS JSON OBJECT, json_object('a': 1, 'b': NULL ABSENT ON NULL), json_array(1, 2), json_arrayagg(id ORDER BY id), json_objectagg(id: name) FROM customers WHERE id < 3 GROUP BY ()
--16SELECT 0x1F, 0o17, 0b11, 1_000_000
--17SELECT * FROM json_table('[{"a": 1, "b": [2, 3]}]', '$[*]' COLUMNS (n FOR ORDINALITY, a int PATH '$.a', NESTED PATH '$.b[*]' COLUMNS (b int PATH '$'))) AS jt
--17SELECT json_value('{"a": 1}', '$.a' RETURNING int DEFAULT 0 ON ERROR), json_query('{"a": [1]}', '$.a' WITH WRAPPER), json_exists('{"a": 1}', '$.a'), json_scalar(1), json_serialize('{}'), json('{}')
--18SELECT uuidv7() IS NOT NULL, array_sort(ARRAY[3, 1]), casefold('ß')
