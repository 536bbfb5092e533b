"""How to log in is said by the environment, once. Whatever it says otherwise ends in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
import ydb

from alembic_ydb.login import WAYS, LoginError, credentials


def test_a_user_has_a_password() -> None:
    given = {"YDB_USER": "alice", "YDB_PASSWORD": "secret"}
    assert credentials(given) == {"username": "alice", "password": "secret"}
    assert credentials({"YDB_USER": "alice", "YDB_PASSWORD": ""}) == {"username": "alice", "password": ""}


def test_a_token_and_none_are_objects_of_the_sdk() -> None:
    assert isinstance(credentials({"YDB_ANONYMOUS_CREDENTIALS": "1"}), ydb.AnonymousCredentials)
    token = credentials({"YDB_ACCESS_TOKEN_CREDENTIALS": "t1.abc"})
    assert isinstance(token, ydb.AuthTokenCredentials)
    assert dict(token.auth_metadata()) == {"x-ydb-auth-ticket": "t1.abc"}


def test_the_account_of_the_machine_is_taken_where_it_is_asked_for() -> None:
    assert isinstance(credentials({"YDB_METADATA_CREDENTIALS": "1"}), ydb.iam.MetadataUrlCredentials)


def test_switched_off_is_not_there() -> None:
    given = {"YDB_METADATA_CREDENTIALS": "0", "YDB_USER": "", "YDB_ANONYMOUS_CREDENTIALS": "1"}
    assert isinstance(credentials(given), ydb.AnonymousCredentials)


def test_nothing_is_guessed() -> None:
    """Without a variable the SDK would ask the metadata service, and take whatever account a machine has."""
    with pytest.raises(LoginError) as refused:
        credentials({"YDB_URL": "yql+ydb://localhost:2136/local"})
    assert all(name in str(refused.value) for name in WAYS)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"YDB_USER": "alice"}, "YDB_USER needs YDB_PASSWORD"),
        ({"YDB_USER": "a", "YDB_PASSWORD": "b", "YDB_ANONYMOUS_CREDENTIALS": "1"}, "two ways to log in"),
        ({"YDB_ACCESS_TOKEN_CREDENTIALS": "t", "YDB_METADATA_CREDENTIALS": "1"}, "two ways to log in"),
        ({"YDB_ANONYMOUS_CREDENTIALS": "true"}, "YDB_ANONYMOUS_CREDENTIALS is 1 or 0, not 'true'"),
        ({"YDB_METADATA_CREDENTIALS": "yes"}, "YDB_METADATA_CREDENTIALS is 1 or 0, not 'yes'"),
        ({"YDB_SERVICE_ACCOUNT_KEY_FILE_CREDENTIALS": "/nowhere.json"}, "there is no file /nowhere.json"),
        ({"YDB_OAUTH2_KEY_FILE": "/nowhere.json"}, "there is no file /nowhere.json"),
    ],
)
def test_nonsense_is_one_sentence_without_a_secret(given: dict[str, str], says: str) -> None:
    with pytest.raises(LoginError) as refused:
        credentials(given)
    assert says in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize("content", ["", "{}", "no json", '{"grant-type": 1}'])
@pytest.mark.parametrize("name", ["YDB_OAUTH2_KEY_FILE", "YDB_SERVICE_ACCOUNT_KEY_FILE_CREDENTIALS"])
def test_a_file_that_is_no_key_is_one_sentence(tmp_path: Path, name: str, content: str) -> None:
    file = tmp_path / "key.json"
    file.write_text(content)
    with pytest.raises(LoginError) as refused:
        credentials({name: str(file)})
    assert name in str(refused.value)
