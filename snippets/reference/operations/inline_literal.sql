--8<-- [start:plain]
UPDATE series SET info='comedy' WHERE series.series_id = 1
--8<-- [end:plain]
