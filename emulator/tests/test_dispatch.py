"""The table by which expressions are checked."""

from __future__ import annotations

from typing import get_args

from ydb_emulator.check.dispatch import CHECKS
from ydb_emulator.yql import syntax


def test_every_kind_of_expression_has_its_check():
    assert set(CHECKS) == set(get_args(syntax.Expression))
