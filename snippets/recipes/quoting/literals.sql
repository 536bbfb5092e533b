SELECT
    FormatType(TypeOf('a')) AS plain,
    FormatType(TypeOf('a'u)) AS u,
    FormatType(TypeOf('{}'j)) AS j,
    FormatType(TypeOf('{}'y)) AS y,
    FormatType(TypeOf(1)) AS one,
    FormatType(TypeOf(1ul)) AS ul,
    FormatType(TypeOf(1.5)) AS point,
    FormatType(TypeOf(1.5f)) AS f;
--> plain     | u       | j       | y       | one      | ul        | point     | f
--> b'String' | b'Utf8' | b'Json' | b'Yson' | b'Int32' | b'Uint64' | b'Double' | b'Float'

SELECT 'a\tb' AS escaped, @@a\tb@@ AS kept, @@a@@@@b@@ AS doubled, 'ab' LIKE 'a\%' AS found, CAST('one' AS Int32) AS number;
--> escaped | kept     | doubled | found | number
--> b'a\tb' | b'a\\tb' | b'a@@b' | True  | NULL
