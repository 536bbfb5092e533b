--8<-- [start:plain]
ALTER TABLE series DROP CONSTRAINT uq_title
--> GENERIC_ERROR
--> <main>:1:35: Error: extraneous input 'uq_title' expecting {<EOF>, ';'}
--8<-- [end:plain]

--8<-- [start:primary]
ALTER TABLE series DROP CONSTRAINT pk_series
--> GENERIC_ERROR
--> <main>:1:35: Error: extraneous input 'pk_series' expecting {<EOF>, ';'}
--8<-- [end:primary]

--8<-- [start:if-exists]
ALTER TABLE series DROP CONSTRAINT IF EXISTS uq_title
--> GENERIC_ERROR
--> <main>:1:35: Error: mismatched input 'IF' expecting {<EOF>, ';'}
--8<-- [end:if-exists]
