print(r"UPSERT INTO t (id, name) VALUES (1, 'O\'Hara')")
#> UPSERT INTO t (id, name) VALUES (1, 'O\'Hara')
print("UPSERT INTO t (id, name) VALUES (1, 'O\'Hara')")
#> UPSERT INTO t (id, name) VALUES (1, 'O'Hara')
