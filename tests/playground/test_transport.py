"""The playground's stand-ins for gRPC and for the SDK's threads, against the real ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from guide.paths import ROOT
from tests.playground import story
from ydb_emulator import Emulator


@pytest.fixture(scope="module")
def in_place() -> dict:
    """The story as a process tells it that has neither gRPC nor threads nor protobuf's C extension."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.playground.story"],
        cwd=ROOT,
        env=os.environ | {"PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION": "python"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_both_tell_the_same(in_place: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YDB_URL", "")
    with Emulator() as emulator, story.project():
        told = story.tell(emulator.url.replace("127.0.0.1", "localhost"))
    assert len(in_place["told"]) == len(told)
    for here, there in zip(in_place["told"], told, strict=True):
        assert here == there


def test_nothing_runs_beside_it(in_place: dict) -> None:
    assert in_place["threads"] == []
    assert in_place["protobuf"] == "python"
    assert in_place["has_grpc"] is False
