"""Which tests a worker of a run on many cores gets next.

xdist has a mark for tests that share a worker, xdist_group. Version 3.8 does not heed it on pytest 9.2.
"""

import re
from typing import Any

from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

SHARED = re.compile(r"(?:/test_|snippets/reference/)(autogenerate|lines|site|types)\.")
"""What these ask of the same thing is found out once: they share a worker."""
WAITING = re.compile(r"tests/production/|::test_page\[")
"""These wait more than they count: were they to run all at once, no core would be busy."""


class Scheduler(LoadScopeScheduling):
    def __init__(self, *arguments: Any):
        super().__init__(*arguments)
        self.waiting: list[dict[str, bool]] = []

    def _split_scope(self, nodeid: str) -> str:
        found = SHARED.search(nodeid)
        return found[1] if found else nodeid

    def _assign_work_unit(self, node: WorkerController) -> None:
        """Give a worker the next unit. Its first one counts; of the three that each has before it, about two wait."""
        self.waiting = [unit for unit in self.waiting if not all(unit.values())]
        wanted = bool(self.assigned_work[node]) and len(self.waiting) < 2 * len(self.nodes)
        found = next((scope for scope in self.workqueue if bool(WAITING.search(scope)) is wanted), None)
        if found:
            self.workqueue.move_to_end(found, last=False)
            self.waiting += [self.workqueue[found]] * wanted
        super()._assign_work_unit(node)
