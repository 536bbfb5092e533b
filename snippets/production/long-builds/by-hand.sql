ALTER TABLE series ADD INDEX ix_series_title GLOBAL ON (title);
