"""Keeps how each page was checked in a run of pytest, for the site to show: see checked.py."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from guide.reader.pytest_plugin import StepItem

if TYPE_CHECKING:  # what walks pages takes long to import, and not every run has a page
    from guide.reader.walk import Walk

PROPERTY = "checked"


class Recorder:
    """A plugin of pytest. In a run on many cores, workers tell what came of a walk, and the one that leads keeps it."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], dict] = {}
        self.engine = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if isinstance(item, StepItem) and (walk := item.following.walk) and call.when == "call":
            if item.is_last or report.failed:  # what has failed is told at once: the run may end with it
                report.user_properties.append((PROPERTY, json.dumps(self._told(item, walk))))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name, value in report.user_properties if report.when == "call" else ():
            if name == PROPERTY:
                walked = json.loads(str(value))
                self.found[walked["page"], walked["tabs"]] = walked

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.found and not hasattr(session.config, "workerinput"):
            from guide.site.checked import Walked, keep

            keep(Walked(**each) for each in self.found.values())

    def _told(self, item: StepItem, walk: Walk) -> dict:
        from guide.site.checked import engine_name, walked

        if not self.engine:  # the same for all tests of a run
            self.engine = engine_name(walk.engine, is_embedded=item.config.getoption("--ydb") is None)
        failure = "\n".join(walk.failures)
        return asdict(walked(walk.way.page, walk.way.choice, self.engine, failure))
