URLS = {
    "acme": "yql+ydb://localhost:2136/local?ydb_table_path_prefix=/local/acme",
    "bolt": "yql+ydb://localhost:2136/local?ydb_table_path_prefix=/local/bolt",
    "core": "yql+ydb://localhost:2136/local?ydb_table_path_prefix=/local/core",
}
