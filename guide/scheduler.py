"""Which tests a worker of a run on many cores gets next.

xdist has a mark for tests that share a worker, xdist_group. Version 3.8 does not heed it on pytest 9.2.
"""

import re

from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

SHARED = re.compile(r"(?:/test_|snippets/reference/)(autogenerate|cases|check_rules|install|lines|prose|site|types)\.")
"""What these ask of the same thing is found out once, what is built for them is built once, and what the cases reach is
noted in one process: they share a worker."""

PER_CORE = 2
"""How many workers a core has. A third one has less to wait for than it costs: each reads and imports all."""
KINDS = 3
PAGES, WAITING, COUNTING = range(KINDS)
"""Pages wait half of their time, tests of production most of it. Were either all at once, cores would be idle."""


def kind_of(test: str) -> int:
    """In: the id of a test. Out: its kind, which says what workers prefer it."""
    return PAGES if ".md::" in test else WAITING if "tests/production/" in test else COUNTING


class Scheduler(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        """A page, or a way through its tabs, is a scope: its items go to one worker, in their order."""
        if ".md::" in nodeid:
            return super()._split_scope(nodeid)
        found = SHARED.search(nodeid)
        return found[1] if found else nodeid

    def _assign_work_unit(self, node: WorkerController) -> None:
        """Give a worker the next unit of its kind, while there is one."""
        preferred = self.nodes.index(node) % KINDS
        if found := next((unit for unit in self.workqueue if kind_of(unit) == preferred), None):
            self.workqueue.move_to_end(found, last=False)
        super()._assign_work_unit(node)
