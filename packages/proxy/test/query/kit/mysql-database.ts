import { AppError } from '@private-connect/errors'
import type { QueryConnection, QueryResult } from '../../../src/query/index.ts'
import { mysqlEngine } from '../../../src/query/mysql/mysql-engine.ts'
import { createEngineAsker, directDial, type AskOptions } from './ask-engine.ts'
import type { MariaDb } from './mariadb-server.ts'

export const reader = { username: 'reader', password: 'reader-secret', database: 'shop' } as const
export const writer = { username: 'writer', password: 'writer-secret', database: 'shop' } as const

/** A shop with every kind of column, a view, routines and a sequence; one login that reads, and one that writes. */
export async function fillShop({ admin }: MariaDb): Promise<void> {
  await admin(`
    CREATE DATABASE shop CHARACTER SET utf8mb4; USE shop;
    CREATE TABLE users (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(100), email VARCHAR(200), city VARCHAR(50), created DATETIME);
    INSERT INTO users (name, email, city, created) VALUES ('Ada', 'ada@example.com', 'London', '2020-01-31 10:20:30'),
      ('Bob', 'bob@example.com', 'Paris', '2021-06-01 00:00:00'), ('Žofie 🙂', 'zofie@example.com', NULL, NULL);
    CREATE TABLE orders (id INT PRIMARY KEY AUTO_INCREMENT, user_id INT, amount DECIMAL(12,2), placed DATE, note TEXT, KEY (user_id));
    INSERT INTO orders (user_id, amount, placed, note) VALUES (1, 10.50, '2024-01-01', 'first'), (1, 99.99, '2024-02-01', NULL), (2, 5, '2024-02-03', 'x');
    CREATE TABLE docs (id INT PRIMARY KEY, doc JSON, body TEXT, FULLTEXT (body));
    INSERT INTO docs VALUES (1, '{"a": 1, "big": 12345678901234567890, "list": [1, 2]}', 'the quick brown fox');
    CREATE TABLE sized (id INT PRIMARY KEY, word VARCHAR(20)) ENGINE = Aria; INSERT INTO sized VALUES (1, 'aria');
    CREATE VIEW user_names AS SELECT id, name FROM users; CREATE VIEW mails AS SELECT id, email AS mail FROM users;
    CREATE TABLE t1 (a INT PRIMARY KEY, b VARCHAR(10), KEY ia (a)); INSERT INTO t1 VALUES (1, 'one'), (2, 'two'), (3, 'two');
    CREATE TABLE t2 (a INT, d DECIMAL(5, 2)); INSERT INTO t2 VALUES (1, 1.5), (2, 2.5), (4, NULL);
    CREATE TABLE t3 (a INT PRIMARY KEY DEFAULT 0, b VARCHAR(20)); INSERT INTO t3 VALUES (1, 'x');
    CREATE TABLE nodes (id INT PRIMARY KEY, parent INT); INSERT INTO nodes VALUES (1, NULL), (2, 1), (3, 2);
    CREATE TABLE parted (k INT) PARTITION BY RANGE (k) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE);
    INSERT INTO parted VALUES (1), (11);
    CREATE TABLE places (id INT PRIMARY KEY, place POINT); INSERT INTO places VALUES (1, POINT(3, 4));
    CREATE TABLE versioned (a INT) WITH SYSTEM VERSIONING; INSERT INTO versioned VALUES (1); UPDATE versioned SET a = 2;
    CREATE TABLE keyworded (\`update\` INT, \`delete\` INT, \`drop\` INT, \`set\` INT, \`into\` INT, \`lock\` INT);
    CREATE SEQUENCE numbers;
    CREATE PROCEDURE wipe() DELETE FROM users;
    CREATE FUNCTION take_note() RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO sized VALUES (RAND() * 1000000, 'noted'); RETURN 1; END;
    CREATE USER reader IDENTIFIED BY 'reader-secret'; GRANT SELECT, SHOW VIEW, EXECUTE, LOCK TABLES ON shop.* TO reader;
    CREATE USER writer IDENTIFIED BY 'writer-secret'; GRANT ALL PRIVILEGES ON shop.* TO writer;
  `)
}

const tables = [
  'users',
  'orders',
  'docs',
  'sized',
  't1',
  't2',
  't3',
  'nodes',
  'parted',
  'places',
  'keyworded',
]

/** A text that is another one after any change of rows, tables, routines, users, settings or sequences. */
export async function fingerprint({ admin }: MariaDb): Promise<string> {
  const parts = [
    ...tables.map((table) => `SELECT * FROM shop.${table} ORDER BY 1`),
    'SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, ENGINE, CREATE_TIME FROM information_schema.TABLES WHERE TABLE_SCHEMA NOT IN ("information_schema") ORDER BY 1, 2',
    'SELECT ROUTINE_SCHEMA, ROUTINE_NAME, LAST_ALTERED FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA <> "sys" ORDER BY 1, 2',
    'SELECT SCHEMA_NAME FROM information_schema.SCHEMATA ORDER BY 1',
    'SELECT User, Host, Priv FROM mysql.global_priv ORDER BY 1, 2',
    'SELECT next_not_cached_value FROM shop.numbers',
    'SHOW GLOBAL VARIABLES WHERE Variable_name IN ("max_connections", "read_only", "general_log", "sql_mode", "local_infile", "event_scheduler")',
  ]
  const rows = []
  for (const part of parts) rows.push(await admin(part))
  return JSON.stringify(rows)
}

export function connectionTo(port: number, options: Partial<QueryConnection> = {}): QueryConnection {
  return { host: '127.0.0.1', login: reader, tls: 'off', dial: directDial(port), ...options }
}

/** Checks and runs one query, as `run-query.ts` does. */
export function runMysql(
  connection: QueryConnection,
  query: string,
  options: AskOptions = {},
): Promise<QueryResult> {
  return createEngineAsker(mysqlEngine, connection)(query, options)
}

/** The error of a query that must not succeed. */
export async function errorOf(running: Promise<unknown>): Promise<AppError> {
  const ended = await running.then(
    (result) => new Error(`it was run: ${JSON.stringify(result).slice(0, 300)}`),
    (error: unknown) => error,
  )
  if (ended instanceof AppError) return ended
  throw ended
}
