import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AskOptions } from './kit/ask-engine.ts'
import { createAsker } from './kit/ask-postgres.ts'
import { flavours, startPostgres, type PostgresServer } from './kit/postgres-server.ts'

const secret = 'hunter2@secret.test'
const rules = { maskedColumns: ['users.email', 'public.users.phone', 'people.ssn'] }

// A masked column's value never comes back, and nothing that could tell of it is answered: masked by where the server says
// that a value comes from, and whatever could lose that origin, compare or rename the column is refused.
describe.each(flavours)('masked columns on %s', (flavour) => {
  let server: PostgresServer
  let ask: (query: string, options?: AskOptions) => Promise<{ rows: readonly unknown[] }>
  beforeAll(async () => {
    server = await startPostgres(flavour)
    await server.admin("CREATE ROLE reader LOGIN PASSWORD 'reader-password'")
    await server.admin('CREATE DATABASE app')
    await server.admin(
      `CREATE TABLE users (id int PRIMARY KEY, name text, email text UNIQUE, phone text, boss int, shout text GENERATED ALWAYS AS (upper(email)) STORED);
       INSERT INTO users (id, name, email, phone, boss) VALUES (1, 'Ann', '${secret}', NULL, NULL), (2, 'Bob', 'b@secret.test', '555', 1);
       CREATE TABLE emails_only (email text); INSERT INTO emails_only VALUES ('${secret}');
       CREATE TABLE orders (id int, user_id int, email text, total numeric); INSERT INTO orders VALUES (1, 1, 'public', 5), (2, 2, 'public', 7);
       CREATE TABLE people (id int, ssn text); CREATE TABLE employees (grade int) INHERITS (people); INSERT INTO employees VALUES (1, '${secret}', 3);
       CREATE VIEW user_names AS SELECT id, name FROM users;
       CREATE VIEW user_mails AS SELECT id, email AS contact FROM users;
       CREATE VIEW user_rows AS SELECT id, to_json(u) AS doc FROM users u;
       CREATE VIEW views_view AS SELECT contact FROM user_mails;
       CREATE MATERIALIZED VIEW user_copy AS SELECT email AS x FROM users;
       CREATE VIEW order_view AS SELECT id, total FROM orders;
       CREATE FUNCTION first_mail() RETURNS text LANGUAGE sql STABLE AS 'SELECT email FROM users LIMIT 1';
       CREATE DOMAIN checked_user AS users; CREATE DOMAIN checked_twice AS checked_user;
       CREATE VIEW table_facts AS SELECT tablename, most_common_vals::text, histogram_bounds::text FROM pg_stats;
       CREATE VIEW running AS SELECT query FROM pg_stat_activity;
       CREATE VIEW calling_view AS SELECT first_mail() AS x;
       GRANT ALL ON ALL TABLES IN SCHEMA public TO reader; ANALYZE`,
      'app',
    )
    const asker = createAsker({ port: server.port })
    ask = (query, options = {}) => asker(query, { ...options, rules: { ...rules, ...options.rules } })
  })
  afterAll(() => server.stop())

  const shown = [
    ['SELECT id, email FROM users ORDER BY id', [1, '***']],
    ['SELECT email AS contact, id FROM users u ORDER BY id', ['***', 1]],
    ['SELECT * FROM users ORDER BY id', [1, 'Ann', '***', null, null, '***']],
    ['TABLE users', [1, 'Ann', '***', null, null, '***']],
    [
      'SELECT u.*, o.total FROM users u JOIN orders o ON o.user_id = u.id WHERE u.id = 1',
      [1, 'Ann', '***', null, null, '***', '5'],
    ],
    ['SELECT s.email FROM (SELECT * FROM users) s', ['***']],
    ['WITH w AS (SELECT * FROM users) SELECT w.email, w.id FROM w ORDER BY w.id', ['***', 1]],
    [
      'SELECT * FROM (SELECT * FROM (SELECT * FROM users) a) b ORDER BY id',
      [1, 'Ann', '***', null, null, '***'],
    ],
    ['SELECT x.* FROM users u, LATERAL (SELECT u.*) x ORDER BY 1 = 1', [1, 'Ann', '***', null, null, '***']],
    ['SELECT a.email, b.name FROM users a LEFT JOIN users b ON a.boss = b.id ORDER BY a.id', ['***', null]],
    ['SELECT a.email FROM users a FULL JOIN orders o ON o.user_id = a.id', ['***']],
    ['SELECT ssn FROM people', ['***']],
    ['SELECT ssn FROM employees', ['***']],
    ['SELECT * FROM ONLY employees', [1, '***', 3]],
    ['SELECT count(*) FROM users', ['2']],
    ['SELECT name FROM users WHERE id = 1', ['Ann']],
    [
      'SELECT o.email FROM orders o JOIN users u ON u.id = o.user_id WHERE o.email = $1',
      ['public'],
      ['public'],
    ],
    ['SELECT email FROM orders', ['public']],
    ['SELECT upper(email) FROM orders', ['PUBLIC']],
    [
      'SELECT total FROM orders o WHERE EXISTS (SELECT * FROM users u WHERE u.id = o.user_id) ORDER BY 1',
      ['5'],
    ],
    ['SELECT name FROM users UNION SELECT e.email FROM emails_only e WHERE false ORDER BY 1', ['Ann']],
    ['SELECT id, total FROM order_view ORDER BY id', [1, '5']],
    ['SELECT phone FROM users ORDER BY id', [null]],
    ['EXPLAIN (COSTS OFF) SELECT email FROM users', ['Seq Scan on users']],
  ] as const
  it.each(shown)('shows %s', async (query, first, params: readonly unknown[] = []) => {
    const { rows } = await ask(query, { params })
    expect(Object.values(rows[0] as object)).toEqual(first)
    expect(JSON.stringify(rows)).not.toContain('secret')
  })

  it.each([
    // Expressions, filters, order.
    'SELECT upper(email) FROM users',
    'SELECT email || $$x$$ FROM users',
    'SELECT email::text FROM users',
    'SELECT (email) IS NULL FROM users',
    'SELECT coalesce(phone, name) FROM users',
    'SELECT count(email) FROM users',
    'SELECT count(DISTINCT email) FROM users',
    'SELECT array_agg(email) FROM users',
    'SELECT CASE WHEN email LIKE $$h%$$ THEN 1 END FROM users',
    'SELECT id FROM users WHERE email = $$hunter2@secret.test$$',
    'SELECT id FROM users WHERE users.email LIKE $$h%$$',
    'SELECT id FROM users WHERE public.users.email LIKE $$h%$$',
    'SELECT id FROM users ORDER BY email',
    'SELECT id, email FROM users ORDER BY 2',
    'SELECT email AS x FROM users ORDER BY x',
    'SELECT * FROM users ORDER BY 3',
    'SELECT * FROM users ORDER BY shout',
    'SELECT email FROM users GROUP BY email',
    'SELECT email, count(*) FROM users GROUP BY 1',
    'SELECT email AS x, count(*) FROM users GROUP BY ROLLUP (1)',
    'SELECT DISTINCT email FROM users',
    'SELECT DISTINCT * FROM users',
    'SELECT DISTINCT ON (email) id FROM users',
    'SELECT id, rank() OVER (ORDER BY email) FROM users',
    'SELECT id FROM users LIMIT length((SELECT email FROM users LIMIT 1))',
    'SELECT id FROM users GROUP BY id HAVING min(email) > $$a$$',
    'SELECT * FROM users u JOIN emails_only e ON e.email = u.email',
    'SELECT * FROM users u JOIN emails_only e USING (email)',
    'SELECT * FROM users NATURAL JOIN emails_only',
    'SELECT * FROM users a JOIN users b USING (email)',
    'SELECT shout || $$x$$ FROM users',
    'SELECT id FROM people WHERE ssn = $$1$$',
    'SELECT max(ssn) FROM employees',
    // Subqueries, set operations, other names.
    'SELECT (SELECT email FROM users LIMIT 1)',
    'SELECT ARRAY(SELECT email FROM users)',
    'SELECT $$x$$ IN (SELECT email FROM users)',
    'SELECT $$x$$ IN (SELECT * FROM (SELECT email FROM users) s)',
    'SELECT 1 FROM emails_only WHERE ROW(email) IN (TABLE users)',
    'SELECT x FROM (SELECT email AS x FROM users) s',
    'SELECT s.x FROM (SELECT * FROM users) AS s (a, b, x)',
    'SELECT x FROM users AS u (a, b, x)',
    'WITH w (a, b, x) AS (SELECT * FROM users) SELECT x FROM w',
    'WITH w AS (SELECT email AS x FROM users) SELECT x FROM w',
    'SELECT j.c FROM (users a JOIN orders b ON true) AS j (a, b, c)',
    'SELECT email FROM users UNION SELECT $$x$$',
    'SELECT * FROM users UNION ALL SELECT * FROM users',
    'SELECT name FROM (SELECT * FROM users EXCEPT SELECT * FROM users) s',
    'WITH RECURSIVE w AS (SELECT * FROM users UNION ALL SELECT * FROM w WHERE false) SELECT * FROM w',
    'WITH RECURSIVE w AS (SELECT id FROM users UNION ALL SELECT id FROM w WHERE false) SEARCH DEPTH FIRST BY id SET o SELECT * FROM w',
    'VALUES ((SELECT email FROM users LIMIT 1))',
    // Whole rows.
    'SELECT u FROM users u',
    'SELECT users FROM users',
    'SELECT to_json(u) FROM users u',
    'SELECT u::text FROM users u',
    'SELECT ROW(u.*) FROM users u',
    'SELECT (u).email FROM users u',
    'SELECT (u).* FROM users u',
    'SELECT (users.*)::text FROM users',
    'SELECT u.to_json FROM users u',
    'SELECT s.row_to_json FROM (SELECT * FROM users) s',
    'SELECT s FROM (SELECT * FROM users) s',
    'WITH w AS (SELECT * FROM users) SELECT w FROM w',
    'SELECT json_agg(u) FROM users u',
    'SELECT count(u.*) FROM users u',
    'SELECT u IS NULL FROM users u',
    'SELECT u = u FROM users u',
    'SELECT id FROM users u ORDER BY u',
    'SELECT j FROM (users a JOIN orders b ON true) AS j',
    'SELECT xmlforest(email) FROM users',
    'SELECT xmlforest(u.*) FROM users u',
    'SELECT email(u) FROM users u',
    'SELECT * FROM users u, unnest(ARRAY[u.email]) x',
    'SELECT * FROM users u, LATERAL (VALUES (u.email)) v (x)',
    'SELECT * FROM users u, LATERAL (SELECT u.email AS x) v',
    'SELECT * FROM users u, jsonb_each_text(to_jsonb(u))',
    'SELECT grouping(email) FROM users GROUP BY CUBE (email)',
    // Around the table.
    'SELECT contact FROM user_mails',
    'SELECT doc FROM user_rows',
    'SELECT contact FROM views_view',
    'SELECT x FROM user_copy',
    'SELECT x FROM calling_view',
    'SELECT first_mail()',
    'SELECT most_common_vals FROM pg_stats',
    'SELECT * FROM pg_catalog.pg_statistic',
    'SELECT query FROM pg_stat_activity',
    'SELECT histogram_bounds FROM table_facts',
    'SELECT query FROM running',
    'SELECT * FROM pg_stat_get_activity(NULL)',
    'SELECT pg_stat_get_backend_activity(i) FROM pg_stat_get_backend_idset() i',
    'SELECT u.checked_user FROM users u',
    'SELECT users.checked_twice FROM users',
    'SELECT s.checked_user FROM (SELECT * FROM users) s',
    'EXPLAIN SELECT 1 FROM users WHERE email = $$x$$',
    "SELECT query_to_xml('select email from users', true, true, '')",
    "SELECT table_to_xml('users', true, true, '')",
    'SELECT /* x */ U&"em\\0061il" || $$x$$ FROM users',
    'SELECT "public"."users"."email" || $$x$$ FROM "public"."users"',
  ])('refuses %s', async (query) => {
    await expect(ask(query)).rejects.toMatchObject({ code: 'query.refused' })
  })

  it.each([
    'INSERT INTO orders SELECT 1, 1, email, 1 FROM users',
    'INSERT INTO emails_only SELECT x FROM (TABLE users) AS t (a, b, x, c, d, e)',
    'INSERT INTO emails_only (email) TABLE emails_only RETURNING (SELECT email FROM users LIMIT 1)',
    'UPDATE users SET name = email',
    "UPDATE users SET name = 'x' WHERE email = 'b@secret.test'",
    'UPDATE orders SET email = u.email FROM users u WHERE u.id = user_id',
    "DELETE FROM users WHERE email LIKE 'h%'",
    'UPDATE users SET name = name RETURNING upper(email)',
    'UPDATE users SET name = name RETURNING users',
    'UPDATE users SET name = name RETURNING old',
    'UPDATE users SET name = name RETURNING WITH (OLD AS o) o::text',
    "INSERT INTO users (id, email) VALUES (3, 'x') ON CONFLICT (email) DO NOTHING",
  ])('refuses a write that copies or compares: %s', async (query) => {
    await expect(ask(query, { rules: { allowWrites: true } })).rejects.toMatchObject({
      code: 'query.refused',
    })
  })

  it('masks what RETURNING shows, and lets a masked column be written', async () => {
    const set = await ask("UPDATE users SET phone = '999' WHERE id = 2 RETURNING *", {
      rules: { allowWrites: true },
    })
    expect(set.rows).toEqual([{ id: 2, name: 'Bob', email: '***', phone: '***', boss: 1, shout: '***' }])
    const [row] = await server.admin('SELECT phone FROM users WHERE id = 2', 'app')
    expect(row).toEqual({ phone: '999' })
  })

  it('refuses everything where a masked column is not the database’s: nobody would see that it is not masked', async () => {
    await expect(ask('SELECT 1', { rules: { maskedColumns: ['users.emial'] } })).rejects.toMatchObject({
      code: 'query.refused',
    })
  })

  it('shows no masked value in an error', async () => {
    const failing = ask("INSERT INTO users (id, email) VALUES (9, 'hunter2@secret.test')", {
      rules: { allowWrites: true },
    })
    await expect(failing).rejects.toMatchObject({
      code: 'query.failed',
      query: { databaseCode: '23505' },
      publicMessage: expect.not.stringContaining('secret'),
    })
  })
})
