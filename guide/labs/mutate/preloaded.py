"""What a trial needs, imported once for all of them: packages that tests use, none of this repository's own."""

import gc
import importlib

for name in ("alembic.command", "coverage", "lark", "mkdocs.config", "pyrsistent", "pytest", "sqlalchemy", "ydb"):
    importlib.import_module(name)
gc.collect()
gc.freeze()  # as in guide/reader/forkserver.py
