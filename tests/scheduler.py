"""Which tests of a run on many cores share a worker: those that ask of the same thing, which is found out once there.

xdist has a mark for that, xdist_group. Version 3.8 does not heed it on pytest 9.2.
"""

import re

from xdist.scheduler import LoadScopeScheduling

SHARED = re.compile(r"(?:/test_|snippets/reference/)(autogenerate|lines|site|types)\.")


class Scheduler(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        found = SHARED.search(nodeid)
        return found[1] if found else nodeid
