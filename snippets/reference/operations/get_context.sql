--8<-- [start:plain]
UPDATE series SET info = 'comedy'
--8<-- [end:plain]
