"""Makes the tables of the grammar (yql/tables.py) while a wheel is built, or an editable install made."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class GrammarHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        sys.path.insert(0, str(Path(self.root, "src")))
        from ydb_emulator.yql import tables  # imports nothing but Lark

        tables.write(tables.load())  # makes them where they are not there, as in an sdist, or of another grammar
