ALTER TABLE series ADD COLUMN release_date Int64
