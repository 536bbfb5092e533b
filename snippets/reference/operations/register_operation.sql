--8<-- [start:plain]
DELETE FROM series
--8<-- [end:plain]
