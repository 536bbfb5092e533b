"""What the check says is no more certain than the cases that it rests on."""

from __future__ import annotations

import pytest

from alembic_ydb.check.explain import NAMES, UNSURE, explanation
from alembic_ydb.check.rules import answers
from guide.site import claims, reach
from ydb_emulator.cases import OK

SCHEMA = ("alter-table", "column-tables", "create-table", "indexes", "drop-truncate-views-sequences-topics")


@pytest.mark.parametrize("name", NAMES)
def test_the_proofs_of_a_code_exist_and_a_low_one_is_told(name: str) -> None:
    each = explanation(name)
    assert set(each.proofs) <= claims.proofs().keys()
    confidence = {case.id: case.confidence for case in reach.load()}
    assert (each.confidence == UNSURE) == (UNSURE in [confidence.get(id) for id in each.proofs])


def test_refusals_that_are_inferred_are_told_so() -> None:
    refused = [case for case in reach.load() if case.expected != OK and case.area in SCHEMA]
    sure = "\n".join(case.text for case in refused if case.confidence != UNSURE)
    unsure = [case for case in refused if case.confidence == UNSURE and case.text not in sure]
    assert unsure
    assert [case.id for case in unsure if not any(words in case.text for words, _ in answers.UNSURE)] == []
    assert {id for _, id in answers.UNSURE} <= {case.id for case in unsure}
