"""`alembic-ydb check`: what the pending revisions of a project would do on YDB, tried on the emulator.

The project's own env.py runs, unchanged; each of its connections leads to an emulator of a release line. Nothing else
is reached. What came of it are findings, each with the code of a rule. It needs the emulator, the extra `check`.

`__main__` reads the command line and pyproject.toml; `elsewhere` and `project` run the revisions in a process of
their own (`processes`, `worker`) and keep a `record`, `rules` judge it, `report` prints. `snapshot` reads a YDB to
start from.
"""
