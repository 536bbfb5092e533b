"""Sessions of YDB that a program leaves open. They may keep it from ending: docs/reference/bugs.md tells why."""

import gc
import sys
from typing import Any


def open_sessions() -> list[Any]:
    """Those of this process, but not of a driver that is stopped: it ends them, a moment later."""
    if "ydb" not in sys.modules:
        return []
    session = sys.modules["ydb"].QuerySession
    found = [each for each in gc.get_objects() if type(each) is session and each.is_active]
    return [each for each in found if not each._driver._stopped]
