"""A deploy as its page tells it: the Job's command in a folder as the image has it, killed, beside a second deploy."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
import yaml

from guide.paths import ROOT
from guide.reader.fragment import apply_diff
from guide.reader.shell import Shell, piped
from tests.project import SNIPPETS, Project, kill, kill_at, variables
from ydb_emulator import Emulator

FOLDER = SNIPPETS / "production" / "deploy"
STARTER = ROOT / "toolkit" / "starter"
DOCKERFILE = (STARTER / "Dockerfile").read_text()
JOB = yaml.safe_load((STARTER / "job.yaml").read_text())
[CONTAINER] = JOB["spec"]["template"]["spec"]["containers"]
COLUMN, BUILD = "UPDATE alembic_version SET version_num='b1b1b1b1b1b1'", "ADD INDEX ix_orders_status"
"""Killed before these: the column is made and the version is not written; the index is about to be built."""


def instruction(name: str) -> list[str]:
    """ENTRYPOINT or CMD of the Dockerfile."""
    [words] = re.findall(rf"(?m)^{name} (\[.*\])$", DOCKERFILE)
    return list(json.loads(words))


@pytest.fixture
def image(tmp_path: Path) -> Iterator[Project]:
    """What the Dockerfile copies and nothing else, with tonight's revisions, and production at the revision before."""
    folder = tmp_path / "image"
    folder.mkdir()
    for line in re.findall(r"(?m)^COPY (.+)$", DOCKERFILE):
        *names, target = line.split()
        for path in (path for name in names if "whl" not in name for path in STARTER.glob(name)):
            if path.is_dir():
                shutil.copytree(path, folder / target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(path, folder / target)
    with Emulator() as emulator:
        given = {"YDB_URL": emulator.url, "YDB_ANONYMOUS_CREDENTIALS": "1"}
        with Shell(folder, variables(folder, warm=True) | given) as shell, ExitStack() as stack:
            image = Project(folder, emulator, shell, stack)
            image.start_from("the starter", lambda: image.run("alembic upgrade head"))
            models = folder / "models.py"
            for name in ("phone", "status"):
                models.write_text(apply_diff(models.read_text(), (FOLDER / f"{name}.py.diff").read_text()))
            for path in FOLDER.glob("b*.py"):
                image.revision(path.stem, path)
            yield image


def start(image: Project) -> subprocess.Popen:
    """A try of the Job, with the variables of its manifest."""
    given = {"YDB_URL": image.emulator.url, "YDB_ANONYMOUS_CREDENTIALS": "1"}
    given |= {each["name"]: each["value"] for each in CONTAINER["env"] if "value" in each}
    return image.start(*instruction("ENTRYPOINT"), *instruction("CMD"), warm=True, **given)


def end(process: subprocess.Popen, status: int = 0) -> str:
    output, _ = process.communicate()
    assert process.returncode == status, output
    return output


@pytest.mark.parametrize("statement", [COLUMN, BUILD], ids=["column", "build"])
def test_a_killed_job_is_completed_by_its_second_try(image: Project, statement: str) -> None:
    assert "not ready: at a4a4a4a4a4a4, this code needs b2b2b2b2b2b2" in image.run("python ready.py", 1)
    kill_at(image, start(image), statement, 1)
    second, other = start(image), start(image)
    for process in (second, other):  # the lease is still the dead one's
        assert list(takewhile(lambda line: "Waiting for the lease" not in line, piped(process.stdout)))
    image.execute("UPDATE alembic_lease SET expires = CurrentUtcTimestamp()")
    told = end(second) + end(other)
    expected = ["b1b1b1b1b1b1", "b2b2b2b2b2b2"] if statement == COLUMN else ["b2b2b2b2b2b2"]
    assert re.findall(r"Running upgrade \w+ -> (\w+)", told) == expected
    assert "ready: at the head, b2b2b2b2b2b2" in image.run("python ready.py")
    assert "No new upgrade operations detected." in image.run("alembic check")
    assert image.query("SELECT owner FROM alembic_lease") == [(None,)]


def test_a_job_killed_during_a_build_fails_until_the_build_is_done(image: Project) -> None:
    """YDB goes on with the build: the second try may not take the index for one that exists. A third one completes."""
    delay = image.emulator.faults.delay_scheme_operation(3600, path="orders")
    first = start(image)
    delay.is_underway.wait()
    kill(first)
    first.communicate()
    image.execute("UPDATE alembic_lease SET expires = CurrentUtcTimestamp()")
    assert "the index ix_orders_status of orders cannot be read. If it is being built, wait" in end(start(image), 255)
    assert image.query("SELECT owner FROM alembic_lease") == [(None,)]
    image.emulator.database.hurry()
    image.run("python -m alembic_ydb.builds wait")
    assert "Running upgrade b1b1b1b1b1b1 -> b2b2b2b2b2b2" in end(start(image))
    assert "ready: at the head, b2b2b2b2b2b2" in image.run("python ready.py")


def test_the_ready_check_of_tenants(image: Project) -> None:
    """Each of them has to be ready."""
    image.run("YDB_TENANTS='one two' alembic upgrade head")
    assert image.run("YDB_TENANTS='one two' python ready.py").count("ready: at the head") == 2
    assert "not ready: no revision can be read" in image.run("YDB_TENANTS='one three' python ready.py", 1)


NONSENSE = {
    "YDB_URL=": "no address of YDB",
    "YDB_URL=nonsense": "not ready: Could not parse SQLAlchemy URL",
    "YDB_URL= YDB_TENANTS=one": "not ready: ",
    "YDB_TENANTS=one,two": "not ready: not the name of a tenant's directory: 'one,two'",
    "YDB_TENANTS=": "not ready: YDB_TENANTS names no tenant",
    "YDB_ANONYMOUS_CREDENTIALS=maybe": "YDB_ANONYMOUS_CREDENTIALS",
    "YDB_USER=alice": "YDB_USER",
    "YDB_ROOT_CERTIFICATES=/nowhere.pem": "not ready: YDB_ROOT_CERTIFICATES: there is no file /nowhere.pem",
}


def test_the_ready_check_given_nonsense_is_one_sentence(image: Project) -> None:
    for given, says in NONSENSE.items():
        printed = image.run(f"{given} python ready.py", 1)
        assert says in printed and "Traceback" not in printed, given


def test_the_job_tries_again_only_what_was_killed() -> None:
    spec = JOB["spec"]
    assert spec["template"]["spec"]["restartPolicy"] == "Never"  # podFailurePolicy asks for it
    [rule] = spec["podFailurePolicy"]["rules"]
    assert rule["action"] == "FailJob"
    assert rule["onExitCodes"] == {"containerName": CONTAINER["name"], "operator": "In", "values": [1, 2, 255]}
    assert spec["backoffLimit"] > 0


def test_each_limit_leaves_room_for_those_inside_it() -> None:
    seconds = {each["name"]: int(each["value"]) for each in CONTAINER["env"] if "value" in each}
    deadline = JOB["spec"]["activeDeadlineSeconds"]
    assert seconds["ALEMBIC_LEASE_PATIENCE"] + seconds["ALEMBIC_STATEMENT_SECONDS"] < deadline < 11000


def test_the_manifests_are_of_one_release() -> None:
    deployment = yaml.safe_load((STARTER / "deployment.yaml").read_text())
    pod: dict[str, Any] = deployment["spec"]["template"]["spec"]
    [init] = pod["initContainers"]
    assert init["image"] == CONTAINER["image"]
    assert JOB["metadata"]["name"].rpartition("-")[2] == CONTAINER["image"].rpartition(":")[2]
    secrets = {each["name"] for each in CONTAINER["env"] if "valueFrom" in each}
    assert {each["name"] for each in init["env"]} == secrets


@pytest.mark.parametrize(("name", "key"), [("helm", "name"), ("argo", "generateName")])
def test_a_hook_makes_a_job_of_another_name_each_time(name: str, key: str) -> None:
    hook = yaml.safe_load((FOLDER / f"{name}.yaml").read_text())
    assert (hook["apiVersion"], hook["kind"]) == (JOB["apiVersion"], JOB["kind"])
    assert hook["metadata"][key] in ("migrate-{{ .Release.Revision }}", "migrate-")
    assert all(isinstance(value, str) for value in hook["metadata"]["annotations"].values())
