-- One statement a line; a share that can only read must refuse every one, whatever the login may do.
-- Two statements, transactions, settings
SELECT 1; SELECT 2
SELECT 1; INSERT INTO ledger VALUES (2, 2)
COMMIT; INSERT INTO ledger VALUES (2, 2)
ROLLBACK; INSERT INTO ledger VALUES (2, 2)
SET TRANSACTION READ WRITE; INSERT INTO ledger VALUES (2, 2); COMMIT
SELECT 1;;INSERT INTO ledger VALUES (2, 2)
SELECT 1/*;*/;/*;*/DELETE FROM ledger
SELECT '\'; DELETE FROM ledger; --'
COMMIT
ABORT
ROLLBACK
BEGIN
BEGIN READ WRITE
START TRANSACTION READ WRITE
SAVEPOINT a
RELEASE SAVEPOINT a
ROLLBACK TO SAVEPOINT a
PREPARE TRANSACTION 'x'
COMMIT PREPARED 'x'
SET TRANSACTION READ WRITE
SET TRANSACTION SNAPSHOT '00000003-0000001B-1'
SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE
SET statement_timeout = 0
SET LOCAL statement_timeout = 0
SET SESSION AUTHORIZATION admin
SET ROLE admin
SET search_path = evil
SET TIME ZONE 'Europe/Berlin'
SET CONSTRAINTS ALL DEFERRED
RESET ALL
RESET statement_timeout
DISCARD ALL
DISCARD TEMP
-- Writes
INSERT INTO ledger VALUES (2, 2)
INSERT INTO ledger SELECT 3, 3
INSERT INTO ledger DEFAULT VALUES
INSERT INTO ledger VALUES (1, 1) ON CONFLICT DO NOTHING RETURNING id
UPDATE ledger SET amount = 0
UPDATE ledger SET amount = o.id FROM orders o WHERE o.id = ledger.id
DELETE FROM ledger
DELETE FROM ledger USING orders
TRUNCATE ledger
TRUNCATE ONLY ledger RESTART IDENTITY CASCADE
MERGE INTO ledger USING orders ON ledger.id = orders.id WHEN MATCHED THEN DELETE
WITH x AS (INSERT INTO ledger VALUES (2, 2) RETURNING 1) SELECT * FROM x
WITH x AS (UPDATE ledger SET amount = 9 RETURNING *) SELECT * FROM x
WITH x AS (DELETE FROM ledger RETURNING *) SELECT * FROM x
WITH x AS (SELECT 1), y AS (INSERT INTO ledger SELECT 2, 2 RETURNING *) SELECT * FROM x, y
WITH x AS (WITH y AS (DELETE FROM ledger RETURNING *) SELECT * FROM y) SELECT * FROM x
SELECT * FROM (WITH x AS (DELETE FROM ledger RETURNING *) SELECT * FROM x) s
WITH x AS (SELECT 1) INSERT INTO ledger SELECT 2, 2 FROM x
WITH x AS (SELECT 1) UPDATE ledger SET amount = 3
WITH x AS (SELECT 1) DELETE FROM ledger
EXPLAIN ANALYZE INSERT INTO ledger VALUES (2, 2)
EXPLAIN (ANALYZE) UPDATE ledger SET amount = 0
EXPLAIN (ANALYZE false, ANALYZE true) DELETE FROM ledger
EXPLAIN (ANALYZE 1) DELETE FROM ledger
EXPLAIN ANALYZE WITH x AS (DELETE FROM ledger RETURNING *) SELECT * FROM x
EXPLAIN ANALYZE CREATE TABLE t2 AS SELECT 1
EXPLAIN ANALYZE EXECUTE p
EXPLAIN DECLARE c CURSOR FOR SELECT 1
EXPLAIN CREATE MATERIALIZED VIEW m AS SELECT 1
EXPLAIN ANALYZE REFRESH MATERIALIZED VIEW order_totals
-- SELECT that is none
SELECT * INTO stolen FROM customers
SELECT * INTO TEMP stolen FROM customers
SELECT 1 INTO UNLOGGED t3
CREATE TABLE t4 AS TABLE customers
SELECT * FROM ledger FOR UPDATE
SELECT * FROM ledger FOR NO KEY UPDATE NOWAIT
SELECT * FROM ledger FOR SHARE SKIP LOCKED
SELECT * FROM ledger FOR KEY SHARE OF ledger
SELECT * FROM (SELECT * FROM ledger FOR UPDATE) s
WITH x AS (SELECT * FROM ledger FOR SHARE) SELECT * FROM x
SELECT (SELECT id FROM ledger LIMIT 1 FOR UPDATE)
TABLE ledger FOR UPDATE
-- Other statements
LOCK TABLE ledger IN ACCESS EXCLUSIVE MODE
LOCK ledger
COPY ledger TO STDOUT
COPY ledger FROM STDIN
COPY ledger TO '/tmp/stolen'
COPY (SELECT * FROM customers) TO PROGRAM 'cat > /tmp/stolen'
COPY ledger FROM PROGRAM 'echo 1,1'
LISTEN channel
NOTIFY channel, 'x'
UNLISTEN *
PREPARE p AS SELECT 1
EXECUTE p
DEALLOCATE ALL
DECLARE c CURSOR FOR SELECT 1
DECLARE c CURSOR WITH HOLD FOR SELECT 1
FETCH ALL FROM c
MOVE 1 IN c
CLOSE ALL
DO 'BEGIN INSERT INTO ledger VALUES (5, 5); END'
DO LANGUAGE plpgsql $$BEGIN COMMIT; INSERT INTO ledger VALUES (5, 5); END$$
CALL do_write()
CREATE TABLE t5 (a int)
CREATE TEMP TABLE t6 (a int)
CREATE VIEW v2 AS SELECT 1
CREATE FUNCTION f2() RETURNS int LANGUAGE sql AS 'SELECT 1'
CREATE INDEX ON ledger (id)
CREATE EXTENSION dblink
CREATE ROLE evil SUPERUSER
CREATE USER evil2
CREATE DATABASE evil
CREATE SCHEMA evil
CREATE TYPE evil AS (a int)
CREATE DOMAIN evil2 AS int
CREATE SEQUENCE evil
CREATE TRIGGER t BEFORE INSERT ON ledger EXECUTE FUNCTION f()
CREATE RULE r AS ON INSERT TO ledger DO INSTEAD NOTHING
CREATE POLICY p ON ledger
CREATE PUBLICATION p FOR ALL TABLES
CREATE SUBSCRIPTION s CONNECTION 'host=evil' PUBLICATION p
CREATE SERVER s FOREIGN DATA WRAPPER file_fdw
CREATE FOREIGN TABLE ft (a int) SERVER s
CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION f()
CREATE TABLESPACE t LOCATION '/tmp'
ALTER TABLE ledger ADD COLUMN x int
ALTER ROLE admin PASSWORD 'x'
ALTER SYSTEM SET log_statement = 'all'
ALTER DATABASE app SET statement_timeout = 0
ALTER SEQUENCE counter RESTART
ALTER FUNCTION doubled(int) VOLATILE
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC
ALTER LARGE OBJECT 1 OWNER TO admin
DROP TABLE ledger
DROP TABLE IF EXISTS ledger CASCADE
DROP DATABASE app
DROP ROLE reader
DROP OWNED BY reader
REASSIGN OWNED BY reader TO admin
GRANT ALL ON ledger TO PUBLIC
REVOKE ALL ON ledger FROM PUBLIC
GRANT admin TO reader
REFRESH MATERIALIZED VIEW order_totals
REINDEX TABLE ledger
CLUSTER ledger
VACUUM
VACUUM FULL ledger
ANALYZE ledger
CHECKPOINT
LOAD '/tmp/evil.so'
COMMENT ON TABLE ledger IS 'x'
SECURITY LABEL ON TABLE ledger IS 'x'
IMPORT FOREIGN SCHEMA s FROM SERVER s INTO public
-- Functions with effects
SELECT nextval('counter')
SELECT setval('counter', 1000)
SELECT currval('counter')
SELECT pg_catalog.nextval('counter')
SELECT "nextval"('counter')
SELECT U&"next\0076al"('counter')
SELECT u&"!006eextval" UESCAPE '!' ('counter')
SELECT PG_CATALOG . NEXTVAL ( 'counter' )
SELECT/**/nextval/**/('counter')
SELECT app.pg_catalog.nextval('counter')
SELECT * FROM nextval('counter')
SELECT * FROM ROWS FROM (nextval('counter'), generate_series(1, 2))
SELECT * FROM customers, LATERAL nextval('counter')
VALUES (nextval('counter'))
SELECT 1 ORDER BY nextval('counter')
SELECT 1 LIMIT nextval('counter')
SELECT 1 OFFSET nextval('counter')
SELECT 1 WHERE nextval('counter') > 0
SELECT count(*) FROM customers GROUP BY nextval('counter')
SELECT count(*) FILTER (WHERE nextval('counter') > 0) FROM customers
SELECT sum(1) OVER (ORDER BY nextval('counter')) FROM customers
SELECT sum(1) OVER w FROM customers WINDOW w AS (PARTITION BY nextval('counter'))
SELECT CASE WHEN nextval('counter') > 0 THEN 1 END
SELECT coalesce(NULL, nextval('counter'))
SELECT ARRAY[nextval('counter')]
SELECT (ARRAY[1, 2])[nextval('counter')]
SELECT ROW(nextval('counter'))
SELECT EXISTS (SELECT nextval('counter'))
SELECT 1 IN (SELECT nextval('counter'))
SELECT nextval('counter')::text
SELECT - nextval('counter')
SELECT NOT (nextval('counter') > 0)
SELECT nextval('counter') IS NULL
SELECT nextval('counter') BETWEEN 1 AND 2
SELECT greatest(nextval('counter'), 1)
SELECT xmlelement(name a, nextval('counter'))
SELECT xmlforest(nextval('counter') AS a)
SELECT array_agg(nextval('counter') ORDER BY 1)
SELECT DISTINCT ON (nextval('counter')) 1
SELECT 1 UNION SELECT nextval('counter')
SELECT * FROM (VALUES (nextval('counter'))) v
SELECT * FROM customers c JOIN orders o ON nextval('counter') > 0
SELECT * FROM tenk1 TABLESAMPLE system (nextval('counter'))
SELECT * FROM tenk1 TABLESAMPLE system (1) REPEATABLE (nextval('counter'))
SELECT make_interval(days => nextval('counter')::int)
SELECT extract(year FROM to_timestamp(nextval('counter')))
SELECT * FROM xmltable('/a' PASSING xmlparse(DOCUMENT '<a/>') COLUMNS a int PATH 'x' DEFAULT nextval('counter'))
WITH x AS (SELECT nextval('counter')) SELECT * FROM x
EXPLAIN SELECT nextval('counter')
EXPLAIN ANALYZE SELECT nextval('counter')
SELECT set_config('statement_timeout', '0', false), pg_sleep(60)
SELECT set_config('transaction_read_only', 'off', true)
SELECT pg_sleep(60)
SELECT pg_sleep_for('1 minute')
SELECT pg_sleep_until('tomorrow')
SELECT pg_advisory_lock(42)
SELECT pg_try_advisory_lock(42)
SELECT pg_advisory_xact_lock_shared(1, 2)
SELECT pg_advisory_unlock_all()
SELECT pg_notify('channel', 'x')
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
SELECT pg_cancel_backend(1)
SELECT pg_reload_conf()
SELECT pg_rotate_logfile()
SELECT pg_switch_wal()
SELECT pg_create_restore_point('x')
SELECT pg_export_snapshot()
SELECT pg_logical_emit_message(false, 'a', 'b')
SELECT pg_create_logical_replication_slot('s', 'test_decoding')
SELECT pg_create_physical_replication_slot('s')
SELECT pg_drop_replication_slot('s')
SELECT * FROM pg_logical_slot_get_changes('s', NULL, NULL)
SELECT pg_replication_origin_create('x')
SELECT pg_stat_reset()
SELECT pg_stat_reset_shared('bgwriter')
SELECT pg_promote()
SELECT pg_wal_replay_pause()
SELECT pg_import_system_collations('pg_catalog')
SELECT setseed(0.5)
SELECT txid_current()
SELECT pg_current_xact_id()
SELECT pg_read_file('/etc/passwd')
SELECT * FROM pg_read_file('/etc/passwd')
SELECT pg_read_binary_file('PG_VERSION')
SELECT pg_ls_dir('.')
SELECT * FROM pg_ls_waldir()
SELECT pg_stat_file('PG_VERSION')
SELECT pg_current_logfile()
SELECT lo_creat(-1)
SELECT lo_create(0)
SELECT lo_import('/etc/passwd')
SELECT lo_export(1, '/tmp/stolen')
SELECT lo_from_bytea(0, '\x00')
SELECT lo_put(1, 0, '\x00')
SELECT lo_unlink(1)
SELECT lo_open(1, 131072)
SELECT lowrite(0, '\x00')
SELECT loread(0, 1)
SELECT dblink('host=127.0.0.1', 'insert into ledger values (1, 1)')
SELECT * FROM dblink('host=127.0.0.1', 'select 1') AS t (a int)
SELECT dblink_exec('host=127.0.0.1', 'drop table ledger')
SELECT dblink_connect('host=127.0.0.1')
SELECT query_to_xml('select nextval(''counter'')', true, true, '')
SELECT pg_catalog.query_to_xml('delete from ledger', true, true, '')
SELECT query_to_xml_and_xmlschema('select 1', true, true, '')
SELECT cursor_to_xml('c', 1, true, true, '')
SELECT table_to_xml('customers', true, true, '')
SELECT database_to_xml(true, true, '')
SELECT schema_to_xml('public', true, true, '')
SELECT ts_stat('select nextval(''counter'')::text::tsvector')
SELECT * FROM crosstab('select nextval(''counter'')') AS t (a int, b int)
SELECT * FROM connectby('ledger', 'id', 'amount', '1', 0) AS t (a int, b int, c int)
SELECT ts_rewrite('a'::tsquery, 'select ''a''::tsquery, ''b''::tsquery')
SELECT binary_upgrade_set_next_pg_type_oid(1)
SELECT pg_log_backend_memory_contexts(1)
SELECT pg_replication_slot_advance('s', '0/0')
SELECT brin_summarize_new_values('x')
SELECT gin_clean_pending_list('x')
-- By a detour
SELECT add_ledger(1)
SELECT public.add_ledger(1)
SELECT add_ledger(n => 1)
SELECT * FROM add_ledger(1)
SELECT as_owner(1)
SELECT c.row_writer FROM customers c
SELECT (c).row_writer FROM customers c
SELECT row_writer(c) FROM customers c
SELECT row_writer(c.*) FROM customers c
SELECT 'ok'::mood @+@ 'sad'::mood
SELECT 'ok'::mood OPERATOR(public.@+@) 'sad'::mood
SELECT mood::pg_lsn FROM customers
SELECT CAST(mood AS pg_catalog.pg_lsn) FROM customers
SELECT 1::written
SELECT add_all(id) FROM customers
SELECT add_pair(1, 2)
SELECT pg_temp.f()
SELECT * FROM pg_temp.t
SELECT * FROM tenk1 TABLESAMPLE system_rows (10)
SELECT * FROM customers WHERE CURRENT OF c
-- No SQL at all
;
SELEC 1
SELECT FROM WHERE
SELECT 'unterminated
SELECT "unterminated
SELECT $x$unterminated
SELECT /* unterminated
\copy ledger to '/tmp/x'
\! id
HELP
