"""`--format sarif` against SARIF 2.1.0: sarif-2.1/schema/sarif-schema-2.1.0.json of oasis-tcs/sarif-spec at e0583813,
whose terms do not let it lie here. Of each object that is written: what it has to have, and what it may have of that.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from alembic_ydb.check import explain, report
from alembic_ydb.check.record import Finding, Place

OBJECTS = {
    "log": ({"version", "runs"}, {"$schema"}),
    "run": ({"tool"}, {"results"}),
    "tool": ({"driver"}, set()),
    "driver": ({"name"}, {"rules"}),
    "rule": ({"id"}, {"shortDescription", "fullDescription", "help"}),
    "result": ({"message"}, {"ruleId", "level", "locations"}),
    "location": (set(), {"physicalLocation"}),
    "physicalLocation": ({"artifactLocation"}, {"region"}),
    "artifactLocation": (set(), {"uri"}),
    "region": (set(), {"startLine"}),
    "text": ({"text"}, set()),
}
"""Required and further properties. Each object of the schema refuses properties that it does not name."""


def fits(kind: str, written: Any) -> dict[str, Any]:
    required, more = OBJECTS[kind]
    assert isinstance(written, dict)
    assert required <= written.keys() <= required | more, kind
    return written


def text(written: Any) -> str:
    said = fits("text", written)["text"]
    assert isinstance(said, str)
    return said


@pytest.mark.parametrize(
    "findings",
    [
        [],
        [Finding(code, "b", Place("migrations/versions/b.py", 9), "it") for code in explain.NAMES],
        [Finding("YDB503", "b", Place("b.py"), "of the whole file"), Finding("YDB503", "b", Place("b.py", 7), "it")],
    ],
    ids=["none", "each code", "one code twice"],
)
def test_it_has_the_form_of_sarif(findings: list[Finding]) -> None:
    log = fits("log", json.loads(report.sarif(findings, [])))
    assert log["version"] == "2.1.0"
    [run] = log["runs"]
    driver = fits("driver", fits("tool", fits("run", run)["tool"])["driver"])
    rules = [fits("rule", rule) for rule in driver["rules"]]
    for rule in rules:
        assert all(text(rule[name]) for name in ("shortDescription", "fullDescription", "help"))
    names = [rule["id"] for rule in rules]
    assert len(set(names)) == len(names)
    assert {fits("result", result)["ruleId"] for result in run["results"]} == set(names)
    for result, finding in zip(run["results"], findings, strict=True):
        assert text(result["message"]) == finding.message
        assert result["level"] in ("none", "note", "warning", "error")
        [location] = result["locations"]
        place = fits("physicalLocation", fits("location", location)["physicalLocation"])
        assert fits("artifactLocation", place["artifactLocation"])["uri"] == finding.place.file
        assert fits("region", place["region"])["startLine"] == max(finding.place.line, 1)
