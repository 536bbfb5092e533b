op.execute(
    sa.DDL("CREATE TABLE users (id Utf8 NOT NULL, email Utf8, PRIMARY KEY (id), INDEX users_email GLOBAL UNIQUE SYNC ON (email))")
)
