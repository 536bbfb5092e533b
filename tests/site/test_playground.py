"""What the page Try it starts from."""

from pathlib import Path

from guide.site.playground import project_files


def test_bytecode_that_a_run_has_left_is_no_file_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "migrations" / "__pycache__").mkdir(parents=True)
    (tmp_path / "migrations" / "__pycache__" / "env.cpython-311.pyc").write_bytes(b"\xa7\r\r\n")
    (tmp_path / "migrations" / "env.py").write_text("x = 'ä'\n")
    assert project_files(tmp_path) == {"migrations/env.py": "x = 'ä'\n"}
