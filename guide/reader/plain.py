"""The hooks change what Alembic does for the rest of a process. Whoever needs it as it is takes that back before."""

import sys


def plain_alembic() -> None:
    """Forget the hooks that a test or a page has imported in this process: their next import is their first."""
    for name in [name for name in sys.modules if name in ("alembic_ydb.hooks", "ydb_hooks")]:
        del sys.modules[name]
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
