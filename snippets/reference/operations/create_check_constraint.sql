--8<-- [start:plain]
ALTER TABLE series ADD CONSTRAINT ck_seasons CHECK (seasons > 0)
--> GENERIC_ERROR
--> <main>:1:45: Error: no viable alternative at input 'CHECK'
--8<-- [end:plain]
