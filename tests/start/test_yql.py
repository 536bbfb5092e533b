"""The program of Quick start sends a block of YQL that was copied from a page, with all its requests."""

from pathlib import Path

from tests.project import SNIPPETS, project

BLOCK = """UPSERT INTO series (series_id, title) VALUES (1, 'IT Crowd');

SELECT series_id, title FROM series;
--> series_id | title
--> 1         | 'IT Crowd'

SELECT COUNT(*) AS many FROM series;
"""


def test_a_block_of_several_requests_is_sent_one_by_one(tmp_path: Path) -> None:
    with project(tmp_path / "project") as example:
        example.add(SNIPPETS / "start" / "quickstart" / "yql.py")
        example.run("alembic upgrade head")
        (example.folder / "block.sql").write_text(BLOCK)
        printed = example.run('python yql.py "$(cat block.sql)"')
    assert printed == "{'series_id': 1, 'title': 'IT Crowd'}\n{'many': 1}\n"
