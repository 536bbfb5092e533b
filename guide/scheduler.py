"""Which tests a worker of a run on many cores gets next: what takes longest first, and a file at a time.

What the tests of a file set up once is set up by one worker then, and no worker ends alone with something long.
xdist has a mark for tests that share a worker, xdist_group. Version 3.8 does not heed it on pytest 9.2.
"""

import re

from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

SHARED = re.compile(
    r"(?:/test_|snippets/reference/)(autogenerate|cases|check_rules|install|lines|mutate|prose|site|types)[._]"
)
"""What these ask of the same thing is found out once, what is built for them is built once, what the cases reach is
noted in one process, and the trials of mutants are forked from one: they share a worker, across files."""

APART = (
    "tests/reader/test_warm.py",
    "tests/production/test_lease.py",
    "toolkit/tests/test_starter.py",
    "emulator/tests/test_pytest_plugin.py",
    "tests/start/test_models.py",
    "tests/production/test_retries.py",
    "tests/reader/test_suite.py",
    "toolkit/tests/testing/test_pytest_form.py",
    "tests/recipes/test_every_line.py",
)
"""Files too long for one worker, whose tests share little: each test goes where there is room."""

LONG = (
    "emulator/tests/test_cases.py",
    "tests/test_site.py",
    "tests/measure/test_autogenerate.py",
    "toolkit/tests/check/test_check_guide.py",
    "emulator/tests/test_install.py",
    *APART,
    "tests/labs/test_mutate.py",
    "emulator/tests/test_hostile.py",
    "docs/reference/commands.md",
    "docs/example.md",
    "tests/test_prose.py",
    "docs/production/half-applied.md",
    "docs/production/two-deploys.md",
    "docs/start/quickstart.md",
    "docs/setup/tls.md",
    "docs/production/long-builds.md",
    "tests/site/test_new_page.py",
    "tests/production/test_deploy.py",
    "tests/production/test_half_applied.py",
    "tests/measure/test_types.py",
    "tests/test_generated.py",
    "tests/operate/test_drift.py",
    "toolkit/tests/test_lease.py",
    "toolkit/tests/check/test_check_rules.py",
    "docs/production/trouble.md",
    "docs/production/deploy.md",
    "docs/production/starter.md",
    "docs/start/application.md",
    "docs/installation.md",
    "docs/preparation.md",
    "docs/operate/testing.md",
    "docs/reference/errors.md",
    "docs/production/heads.md",
    "tests/playground/test_steps.py",
    "tests/playground/test_transport.py",
    "tests/site/test_watch.py",
    "tests/test_permissions.py",
    "tests/reader/test_agreement.py",
    "tests/reader/test_server.py",
    "tests/recipes/test_primary_key.py",
    "tests/start/test_application.py",
    "toolkit/tests/test_batches.py",
    "toolkit/tests/test_hooks.py",
    "toolkit/tests/check/test_check_command.py",
    "toolkit/tests/check/test_check_env.py",
    "emulator/tests/test_faults.py",
    "emulator/tests/test_cli.py",
    "docs/recipes/primary-key.md",
    "docs/operate/check.md",
    "toolkit/tests/check/test_check_snapshot.py",
    "emulator/tests/test_login.py",
    "docs/recipes/unique.md",
    "tests/recipes/test_backfill.py",
    "docs/reference/autogenerate.md",
    "emulator/tests/test_operations.py",
)
"""Files that take five seconds or more where all workers are busy, the longest first: they begin."""

PER_CORE = 3
"""How many workers a core has. With two, cores are idle for a seventh of the time: programs wait for each other."""
KINDS = 3
PAGES, WAITING, COUNTING = range(KINDS)
"""Pages and tests of production wait a good part of their time. Were either all at once, cores would be idle."""


def file_of(test: str) -> str:
    return test.partition("::")[0]


def kind_of(test: str) -> int:
    """In: the id of a test, or the name of a scope. Out: its kind, which says what workers prefer it."""
    return PAGES if file_of(test).endswith(".md") else WAITING if "tests/production/" in test else COUNTING


def rank_of(test: str) -> tuple[int, bool, bool]:
    """In: the id of a test. Out: what to sort by. After what is long come pages, and last the many short tests."""
    file = file_of(test)
    rank = LONG.index(file) if file in LONG else len(LONG)
    return rank, not file.endswith(".md"), file.startswith("emulator/tests/")


class Scheduler(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        """Tests of a scope go to one worker, in their order. A way through the tabs of a page is a scope of its own."""
        file = file_of(nodeid)
        if file.endswith(".md"):
            return super()._split_scope(nodeid)
        if found := SHARED.search(nodeid):
            return found[1]
        return nodeid if file in APART else file

    def _assign_work_unit(self, node: WorkerController) -> None:
        """Give a worker the next unit of its kind, while there is one."""
        preferred = self.nodes.index(node) % KINDS
        if found := next((unit for unit in self.workqueue if kind_of(unit) == preferred), None):
            self.workqueue.move_to_end(found, last=False)
        super()._assign_work_unit(node)
