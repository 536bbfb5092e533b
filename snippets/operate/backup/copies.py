"""Copies of all tables of a database, in a directory of it.

python copies.py take backup/monday
python copies.py put-back backup/monday series alembic_version
"""

import sys

import ydb

ENDPOINT, DATABASE = "grpc://localhost:2136", "/local"


def tables(driver, directory):
    """The row tables straight in a directory, not those of directories below it."""
    children = driver.scheme_client.list_directory(directory).children
    return [child.name for child in children if child.is_table() and not child.name.startswith(".")]


def copy(driver, pairs):
    """Copy tables at one moment: all of them, or none."""
    with ydb.SessionPool(driver, size=1) as pool:
        pool.retry_operation_sync(lambda session: session.copy_tables(pairs))


def take(driver, backup):
    """Copy all tables of the database."""
    names = tables(driver, DATABASE)
    driver.scheme_client.make_directory(f"{DATABASE}/{backup}")
    copy(driver, [(f"{DATABASE}/{name}", f"{DATABASE}/{backup}/{name}") for name in names])
    return names


def put_back(driver, backup, names):
    """Replace tables by copies of their copies, which stay. If it stops half-way, run it again."""
    lacking = set(names) - set(tables(driver, f"{DATABASE}/{backup}"))
    if lacking:
        raise SystemExit(f"{backup} has no copy of {', '.join(sorted(lacking))}")
    with ydb.SessionPool(driver, size=1) as pool:
        for name in set(names) & set(tables(driver, DATABASE)):
            pool.retry_operation_sync(lambda session, name=name: session.drop_table(f"{DATABASE}/{name}"))
    copy(driver, [(f"{DATABASE}/{backup}/{name}", f"{DATABASE}/{name}") for name in names])
    return names


if __name__ == "__main__":
    if sys.argv[1:2] not in (["take"], ["put-back"]) or (sys.argv[1] == "take") != (len(sys.argv) == 3):
        raise SystemExit(__doc__)
    what, backup, *names = sys.argv[1:]
    with ydb.Driver(endpoint=ENDPOINT, database=DATABASE) as driver:
        driver.wait(timeout=10, fail_fast=True)
        done = put_back(driver, backup, names) if names else take(driver, backup)
        print(what, backup, ", ".join(sorted(done)))
