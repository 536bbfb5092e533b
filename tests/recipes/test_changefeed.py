"""The consumer of Changefeeds, as far as it goes without a topic that has records."""

from __future__ import annotations

import runpy
from contextlib import nullcontext
from unittest.mock import MagicMock

import pytest
import ydb

from tests.project import SNIPPETS

TOPICS = {"": "/local/series/updates", "?ydb_table_path_prefix=/local/acme": "/local/acme/series/updates"}


@pytest.mark.parametrize("option", TOPICS)
def test_the_topic_is_in_the_directory_that_the_url_names(option: str, monkeypatch: pytest.MonkeyPatch) -> None:
    driver = MagicMock()
    driver.topic_client.reader.side_effect = KeyboardInterrupt
    monkeypatch.setenv("YDB_URL", f"yql+ydb://localhost:2136/local{option}")
    monkeypatch.setattr(ydb, "Driver", lambda **_: nullcontext(driver))
    with pytest.raises(KeyboardInterrupt):
        runpy.run_path(str(SNIPPETS / "recipes" / "changefeed" / "consume.py"), run_name="__main__")
    driver.topic_client.reader.assert_called_once_with(TOPICS[option], consumer="search")
