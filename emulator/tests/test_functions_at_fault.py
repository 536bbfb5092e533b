"""Which function a refusal names: the innermost of those on the way to the fault in YDB's tree of issues.

Cases tell the words. Which function says them is read from the type annotation: yql/essentials/core/type_ann,
yql/essentials/core/yql_expr_type_annotation.cpp and ydb/core/kqp/provider/yql_kikimr_type_ann.cpp.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from ydb_emulator.cases import Case, load
from ydb_emulator.errors import YdbError
from ydb_emulator.request import execute
from ydb_emulator.store.database import Database

FUNCTIONS = {
    "e-agg-avg-list": "AggApply",
    "e-agg-max-struct": "AggApply",
    "e-agg-sum-bool": "AggApply",
    "f-dt-to-seconds-text": "Apply",
    "f-udf-few": "Apply",
    "f-udf-made-few": "Apply",
    "f-yson-lookup-int": "Apply",
    "f-yson-node": "Apply",
    "f-yson-ypath-int": "Apply",
    "ne-call-value": "Apply",
    "e-b-coalesce-types-sure": "Coalesce",
    "e-b-if-condition": "Coalesce",
    "e-t-concat-int": "Concat",
    "e-b-decimal-precision-0": "Decimal",
    "e-b-decimal-scale": "Decimal",
    "e-t-decimal-mul-double": "DecimalMul",
    "v-unpacked-size": "EnsureTupleSize",
    "e-j-types": "EquiJoin",
    "v-lambda-fold-type": "Fold",
    "e-case-types": "If",
    "v-distinct-incomparable": "IsDistinctFrom",
    "s-exists-column-type": "KiCreateTable!",
    "e-missing-table-drop": "KiDropTable!",
    "e-missing-table-sel": "KiReadTable!",
    "s-drop-index": "KiReadTable!",
    "e-sys-unknown-column": "Member",
    "e-t-minus-string": "Minus",
    "v-unpacked-no-tuple": "Nth",
    "e-t-plus-string": "Plus",
    "s-cast-yson-utf8": "SafeCast",
    "e-o-json": "Sort",
    "e-in-number": "SqlIn",
    "v-in-incomparable": "SqlIn",
    "v-in-lookup": "SqlIn",
    "e-j-star-names": "SqlProject",
    "e-limit-text": "Take",
    "e-union-types": "UnionAll",
}
"""By the id of a case that is refused in it."""


@cache
def cases() -> dict[str, Case]:
    """By id. Read when they are asked for: workers that run other tests need not wait for them."""
    return {case.id: case for case in load(Path(__file__).with_name("conformance"))}


@pytest.mark.parametrize("id", FUNCTIONS)
def test_a_refusal_names_the_function_of_the_fault(id: str) -> None:
    case, database = cases()[id], Database()
    for statement in case.setup:
        execute(database, statement, {})

    with pytest.raises(YdbError) as caught:
        execute(database, case.statement, {})

    [issue] = caught.value.issues
    assert issue.texts()[:2] == ["Type annotation", f"At function: {FUNCTIONS[id]}"]
