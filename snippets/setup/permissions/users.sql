CREATE USER migrator PASSWORD 'CorrectHorse1'

CREATE USER app PASSWORD 'BatteryStaple1'

CREATE GROUP application WITH USER app

GRANT CREATE TABLE, DESCRIBE SCHEMA ON `/local` TO migrator
