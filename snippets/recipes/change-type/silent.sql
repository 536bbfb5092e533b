SELECT
    CAST(1.9 AS Int32) AS cut,
    CAST(Timestamp('2026-11-29T15:00:00Z') AS Date) AS day,
    CAST(1796000000 AS Timestamp) AS micros,
    CAST(CAST(1796000000 AS Datetime) AS Timestamp) AS seconds,
    CAST(9007199254740993 AS Double) AS rounded,
    CAST(CAST(1.9 AS Int32) AS Double) = 1.9 AS is_same;
--> cut | day        | micros              | seconds             | rounded            | is_same
--> 1   | 2026-11-29 | 1970-01-01T00:29:56 | 2026-11-30T00:53:20 | 9007199254740992.0 | False
