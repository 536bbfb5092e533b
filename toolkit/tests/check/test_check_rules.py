"""Each rule finds what it is for, and nothing beside it: one project has all cases as revisions, after one before."""

from __future__ import annotations

from typing import Any

import pytest
from case import Case
from cases import CASES
from scratch import Scratch, codes, renamed

from alembic_ydb.check.rules import RULES

NUMBERED = list(enumerate(CASES))
OF_THEIR_OWN = {"YDB101", "YDB102"}
"""They end a run, and have tests of their own."""


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    project = Scratch(tmp_path_factory.mktemp("rules") / "project")
    before = "\n".join(renamed(case.before, number) for number, case in NUMBERED)
    project.revision("before", before, "raise NotImplementedError")
    for number, case in NUMBERED:
        project.revision(f"case{number:03}", renamed(case.upgrade, number), renamed(case.downgrade, number))
    return project.findings()


@pytest.mark.parametrize(("number", "case"), NUMBERED, ids=[case.name for case in CASES])
def test_case(findings: list[dict[str, Any]], number: int, case: Case) -> None:
    assert codes(findings, f"case{number:03}") == sorted(case.codes)


def test_each_rule_has_three_revisions_of_either_kind() -> None:
    for code in RULES.keys() - OF_THEIR_OWN:
        assert sum(code in case.codes for case in CASES) >= 3, code
        assert sum(code not in case.codes and code in case.name for case in CASES) >= 3 or code == "YDB703", code
