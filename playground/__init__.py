"""The whole stack in one process without threads, sockets or a C extension: what a browser tab can run.

`transport` stands in for `grpc` and hands calls to the emulator's method table; `sdk` does without the threads of YDB's
SDK. Whoever installs both before anything imports `ydb` gets SQLAlchemy and Alembic on an emulator in the same process.
"""
