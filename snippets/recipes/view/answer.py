op.execute(sa.DDL("CREATE VIEW titles WITH (security_invoker = TRUE) AS SELECT series_id, title FROM series"))
