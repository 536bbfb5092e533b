"""The generated file of the page: the verdicts counted, a table for each group, and every case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from guide.markdown import code, escape
from guide.paths import ROOT
from guide.reader.snippets import in_sections

from .case import Case
from .cases import CASES, GROUPS
from .running import outcomes
from .verdict import BADGES, GOOD, VERDICTS, Judgment

PAGE = ROOT / "snippets" / "reference" / "autogenerate.md"


def render() -> str:
    """snippets/reference/autogenerate.md: the verdicts counted, a table for each group, and every case."""
    plain, hooked = outcomes(), outcomes(with_hooks=True)
    sections = {"verdicts": list(_verdicts(plain, hooked))}
    for group, cases in GROUPS.items():
        sections[_section(group)] = list(_matrix(cases, plain, hooked))
        sections[f"{_section(group)}-cases"] = [
            line for case in cases for line in ["", *_case(case, plain[case.id], hooked[case.id])]
        ]
    left = [case for case in CASES if hooked[case.id].verdict not in GOOD]
    sections["left"] = [f"- [{case.what}](#{case.id}): {_mark(hooked[case.id].verdict)}" for case in left]
    changed = [case for case in CASES if hooked[case.id].downgrade]
    sections["downgrades"] = [f"- [{case.what}](#{case.id}): {code(hooked[case.id].downgrade)}" for case in changed]
    return in_sections(sections)


def _section(group: str) -> str:
    return group.lower().replace(" ", "-")


def _verdicts(plain: dict[str, Judgment], hooked: dict[str, Judgment]) -> Iterator[str]:
    counts = [Counter(outcome.verdict for outcome in found.values()) for found in (plain, hooked)]
    yield "| verdict | what it means | without hooks | with the hooks |"
    yield "| --- | --- | ---: | ---: |"
    for verdict, meaning in VERDICTS.items():
        yield f"| {_mark(verdict)} | {meaning} | {counts[0][verdict]} | {counts[1][verdict]} |"


def _mark(verdict: str) -> str:
    """A verdict as a badge. NOT_THERE has none."""
    return f"**{verdict}**{{.{BADGES[verdict]}}}" if verdict in BADGES else verdict


def _matrix(cases: list[Case], plain: dict[str, Judgment], hooked: dict[str, Judgment]) -> Iterator[str]:
    yield "| what differs | without hooks | with the hooks |"
    yield "| --- | --- | --- |"
    for case in cases:
        verdicts = " | ".join(_mark(found[case.id].verdict) for found in (plain, hooked))
        yield f"| [{escape(case.what)}](#{case.id}) | {verdicts} |"


def _case(case: Case, plain: Judgment, hooked: Judgment) -> Iterator[str]:
    yield f"**[{case.id}](#{case.id}){{ #{case.id} }}**: {escape(case.what)}"
    yield ""
    yield f"- in YDB: {'; '.join(map(code, case.database)) or 'nothing'}"
    models = [f"sa.Table({name!r}, metadata, {arguments})" for name, arguments in case.model.items()]
    yield f"- in the model: {'; '.join(map(code, models))}"
    if case.options:
        yield f"- the metadata: {code(f'sa.MetaData({case.options})')}"
    if case.configure:
        yield f"- the environment: {code(f'context.configure(..., {case.configure})')}"
    if case.own:
        yield f"- the hooks: {code(f'hooks(metadata, own={case.own!r})')}"
    for name, outcome in (("without hooks", plain), ("with the hooks", hooked)):
        said = "; ".join(code(line) for line in outcome.said.split("\n") if line)
        yield f"- {name}: {_mark(outcome.verdict)}{said and ', ' + said}"
        if outcome.downgrade:
            yield f"- after the downgrade: {code(outcome.downgrade)}"
