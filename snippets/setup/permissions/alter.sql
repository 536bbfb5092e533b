GRANT ALTER SCHEMA ON `/local/genres` TO migrator
