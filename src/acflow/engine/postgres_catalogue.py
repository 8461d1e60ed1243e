"""Questions to PostgreSQL about what it holds: https://www.postgresql.org/docs/current/catalogs.html."""

ALL_COLUMNS = """
SELECT c.relname AS "table", a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = :dataset AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY c.relname, a.attnum
"""
COLUMNS = ALL_COLUMNS.replace("WHERE", "WHERE c.relname = :table AND")
IDENTITY = """
SELECT pg_postmaster_start_time()::text AS started, oid::text AS number
FROM pg_catalog.pg_database WHERE datname = current_database()
"""
# https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADVISORY-LOCKS
LOCK = "SELECT pg_try_advisory_lock(hashtextextended(:name, 0)) AS locked"
TABLES = r"""
SELECT tablename AS name FROM pg_catalog.pg_tables
WHERE schemaname = :dataset AND NOT starts_with(tablename, '_dlt') ORDER BY tablename
"""
CATALOGUE = r"""
SELECT c.relname AS name, a.attname AS "column"
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = :dataset AND c.relkind IN ('r', 'p') AND NOT starts_with(c.relname, '_dlt')
  AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY c.relname, a.attnum
"""
