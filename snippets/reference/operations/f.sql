--8<-- [start:plain]
ALTER TABLE series ADD INDEX ix_series_title GLOBAL SYNC ON (title)
--8<-- [end:plain]
