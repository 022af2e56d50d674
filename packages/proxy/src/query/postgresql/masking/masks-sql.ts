/** Relations that show what is in the columns of others: samples that the planner keeps, and the texts of other queries. */
export const telltaleRelations: readonly string[] =
  'pg_statistic pg_stats pg_statistic_ext_data pg_stats_ext pg_stats_ext_exprs pg_stat_activity pg_stat_statements'.split(
    ' ',
  )

/**
 * $1-$3 schemas (or null), relations and columns that are masked; $4-$5 schemas and relations that the statement names;
 * $6 names that it calls, $7 its operators. Rows are a kind and up to two texts.
 *
 * A masked column is masked in every table of its family (inheritance and partitions in both directions), and generated
 * columns beside it are masked too. Views are refused as soon as they depend on one of these tables at all, since the
 * catalog does not record that a view takes a whole row, or on a function of the database's own, which may read them, or
 * on a telltale. A row can be cast to a domain over its type as if the domain were a function (`u.domain`).
 */
export const masksSql = `
WITH RECURSIVE wanted AS (
  SELECT * FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.text[]), pg_catalog.unnest($2::pg_catalog.text[]),
    pg_catalog.unnest($3::pg_catalog.text[])) WITH ORDINALITY AS w (schema, relation, col, ord)
), base AS (
  SELECT w.ord, a.attrelid, a.attname
  FROM wanted w
  JOIN pg_catalog.pg_class c ON pg_catalog.lower(c.relname) = pg_catalog.lower(w.relation)
    AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    AND (w.schema IS NULL OR pg_catalog.lower(n.nspname) = pg_catalog.lower(w.schema))
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    AND pg_catalog.lower(a.attname) = pg_catalog.lower(w.col)
), family (relid, attname) AS (
  SELECT attrelid, attname FROM base
  UNION
  SELECT a.attrelid, a.attname FROM family f
  JOIN pg_catalog.pg_inherits i ON f.relid IN (i.inhrelid, i.inhparent)
  JOIN pg_catalog.pg_attribute a ON a.attrelid IN (i.inhrelid, i.inhparent) AND a.attname = f.attname
    AND NOT a.attisdropped
), columns AS (
  SELECT a.attrelid, a.attnum, a.attname FROM family f
  JOIN pg_catalog.pg_attribute a ON a.attrelid = f.relid AND a.attnum > 0 AND NOT a.attisdropped
    AND (a.attname = f.attname OR a.attgenerated <> '')
), own AS (
  SELECT p.oid, p.proname FROM pg_catalog.pg_proc p
  WHERE p.oid >= 16384 AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e')
), sources (class, oid) AS (
  SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, relid FROM family
  UNION ALL
  SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, c.oid FROM pg_catalog.pg_class c
  WHERE c.relname = ANY ('{${telltaleRelations.join(',')}}'::pg_catalog.name[])
  UNION ALL
  SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, oid FROM own
), dependents (relid) AS (
  SELECT r.ev_class FROM sources s
  JOIN pg_catalog.pg_depend d ON d.refobjid = s.oid AND d.refclassid = s.class
    AND d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
  JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid AND r.ev_class <> s.oid
  UNION
  SELECT r.ev_class FROM dependents v
  JOIN pg_catalog.pg_depend d ON d.refobjid = v.relid
    AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
    AND d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
  JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid AND r.ev_class <> v.relid
), named AS (
  SELECT q.schema, q.name,
    pg_catalog.to_regclass(pg_catalog.concat_ws('.', pg_catalog.quote_ident(q.schema), pg_catalog.quote_ident(q.name)))
      ::pg_catalog.oid AS relid
  FROM ROWS FROM (pg_catalog.unnest($4::pg_catalog.text[]), pg_catalog.unnest($5::pg_catalog.text[])) AS q (schema, name)
), masked_named AS (
  SELECT DISTINCT named.relid FROM named JOIN family ON family.relid = named.relid
)
SELECT 'found', ord::pg_catalog.text, NULL FROM base
UNION SELECT 'masked', attrelid::pg_catalog.text, attnum::pg_catalog.text FROM columns
UNION SELECT 'name', c.attname, NULL FROM columns c JOIN named ON named.relid = c.attrelid
UNION SELECT 'relation', named.schema, named.name FROM named JOIN family ON family.relid = named.relid
UNION SELECT 'sibling', a.attname, NULL FROM pg_catalog.pg_attribute a
  WHERE NOT a.attisdropped AND a.attrelid IN (SELECT relid FROM masked_named)
  GROUP BY a.attname HAVING pg_catalog.count(*) = (SELECT pg_catalog.count(*) FROM masked_named)
UNION SELECT 'view', named.name, NULL FROM named JOIN dependents ON dependents.relid = named.relid
  WHERE named.relid NOT IN (SELECT relid FROM family)
UNION SELECT 'function', own.proname, NULL FROM own WHERE own.proname = ANY ($6::pg_catalog.name[])
UNION SELECT 'function', own.proname, NULL FROM own
  JOIN pg_catalog.pg_operator o ON o.oprcode::pg_catalog.oid = own.oid WHERE o.oprname = ANY ($7::pg_catalog.name[])
UNION SELECT 'row-function', p.proname, NULL FROM pg_catalog.pg_proc p
  JOIN pg_catalog.pg_type t ON t.oid = p.proargtypes[0] AND t.typtype IN ('c', 'p')
  WHERE p.proname = ANY ($6::pg_catalog.name[]) AND p.pronargs - p.pronargdefaults <= 1
UNION SELECT 'row-function', t.typname, NULL FROM pg_catalog.pg_type t
  JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype AND b.typtype IN ('c', 'd')
  WHERE t.typname = ANY ($6::pg_catalog.name[]) AND t.typtype = 'd'`
