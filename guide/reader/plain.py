"""What a project leaves behind in a process: its models, and hooks that change what Alembic does. It is taken back."""

import sys


def plain_alembic() -> None:
    """Forget hooks and models that a test or a page has imported in this process: their next import is their first."""
    for name in ("alembic_ydb.hooks", "ydb_hooks", "models"):
        sys.modules.pop(name, None)
    if "alembic.autogenerate" not in sys.modules:
        return
    from alembic.autogenerate import comparators
    from alembic.ddl.impl import _impls

    if _is_of_the_hooks(_impls.get("yql")):
        from ydb_sqlalchemy.alembic import YDBImpl

        _impls["yql"] = YDBImpl
    for found in comparators._registry.values():
        if isinstance(found, list):
            found[:] = [each for each in found if not _is_of_the_hooks(each[0] if isinstance(each, tuple) else each)]


def _is_of_the_hooks(item: object) -> bool:
    return str(getattr(item, "__module__", "")).endswith("hooks")
