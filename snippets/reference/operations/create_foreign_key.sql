--8<-- [start:plain]
ALTER TABLE episodes ADD CONSTRAINT fk_series FOREIGN KEY(series_id) REFERENCES series (series_id)
--> GENERIC_ERROR
--> <main>:1:46: Error: no viable alternative at input 'FOREIGN'
--8<-- [end:plain]
