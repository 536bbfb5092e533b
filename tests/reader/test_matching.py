"""What is recorded is compared with what happened: masks, elisions, what --update records."""

import pytest

from guide.reader import matching


@pytest.mark.parametrize(
    ("recorded", "actual", "masks", "record"),
    [
        ("a b", "a b", "", None),
        ("a b", "a c", "", "a c"),
        ("", "a", "", "a"),
        ("a", "", "", ""),
        ("a b", "a b c", "", "a b c"),
        ("a\nb", "b", "", "b"),
        ("a [..] c", "a b c", "", None),
        ("a [..] c", "a b d", "", "a b d"),
        ("a\n...\nz", "a\nb\nc\nz", "", None),
        ("a\n...\nz", "a\nz", "", None),
        ("...\nz", "a\nz", "", None),
        ("a\n...", "a\nb", "", None),
        ("a\n...\nz", "A\nb\nc\nz", "", "A\n...\nz"),
        ("a\n...\nz", "a\nb\nc\nZ", "", "a\n...\nZ"),
        ("at 2024-01-02 03:04:05.678", "at 2025-12-31 23:59:59.000001", "date", None),
        ("at 2024-01-02", "at 2025-12-31", "", "at 2025-12-31"),
        ("at 2024-01-02", "at noon", "date", "at noon"),
        ("at 2024-01-02\nx", "at 2025-12-31\ny", "date", "at 2024-01-02\ny"),
        ("done in 1.5 s", "done in 12 s", "duration", None),
        ("6 passed in 3.54s", "6 passed in 71.20s (0:01:11)", "duration", None),
        ("alembic 1.20.1", "alembic 1.21.0rc1", "version", None),
        ("alembic 1.20.1", "alembik 1.20.1", "version", "alembik 1.20.1"),
        ("alembic 1.20.1", "alembic 1.9.9", "version", "alembic 1.20.1"),
        ("x 2024-01-02", "a\ny 2025-12-31", "date", "a\ny 2024-01-02"),
        ("(.*) [a]", "(.*) [a]", "", None),
        ("(.*)", "x", "", "x"),
    ],
)
def test_compare(recorded: str, actual: str, masks: str, record: str | None) -> None:
    """`record`: what is to be recorded instead; None if the texts agree."""
    old, new = ([line for line in text.split("\n") if text] for text in (recorded, actual))
    comparison = matching.compare(old, new, masks.split())
    assert comparison.same == (record is None)
    assert "\n".join(comparison.record) == (recorded if record is None else record)


def test_elisions_are_not_for_files() -> None:
    assert not matching.compare(["..."], ["a"], [], elide=False).same
    assert not matching.compare(["a [..]"], ["a b"], [], elide=False).same


def test_generated_ids_are_found() -> None:
    recorded, actual = ["-> ae1027a6acf0, x", "2f1027a6acf0_a.py"], ["-> 0123456789ab, x", "2f1027a6acf0_a.py"]
    comparison = matching.compare(recorded, actual, ["revision-id"])
    assert comparison.ids == [("ae1027a6acf0", "0123456789ab"), ("2f1027a6acf0", "2f1027a6acf0")]
