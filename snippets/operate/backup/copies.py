"""Copies of all tables of a database, or of the folder that YDB_URL names, in a directory of it.

python copies.py take backup/monday
python copies.py put-back backup/monday series alembic_version
"""

import itertools
import os
import posixpath
import sys

import sqlalchemy as sa
import ydb

URL = sa.make_url(os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local"))
DATABASE = f"/{URL.database}"
ENDPOINT = f"{URL.query.get('protocol', 'grpc')}://{URL.host}:{URL.port}"
CERTIFICATE = ydb.load_ydb_root_certificate(URL.query.get("root_certificates_path"))
FOLDER = posixpath.join(DATABASE, URL.query.get("ydb_table_path_prefix", "")).rstrip("/")


def children(driver, directory):
    """The entries of a directory, by name."""
    return {child.name: child for child in driver.scheme_client.list_directory(directory).children}


def tables(driver, directory):
    """The names of its row tables."""
    return [name for name, child in children(driver, directory).items() if child.is_table() and name[0] != "."]


def copy(pool, pairs):
    """Copy tables at one moment: all of them, or none."""
    pool.retry_operation_sync(lambda session: session.copy_tables(pairs))


def rename(pool, pairs):
    """Rename tables at one moment: all of them, or none."""
    items = [ydb.RenameItem(*pair) for pair in pairs]
    pool.retry_operation_sync(lambda session: session.rename_tables(items))


def take(driver, pool, backup):
    """Copy all tables of the folder into a directory that has none."""
    names = tables(driver, FOLDER)
    if not names:
        raise SystemExit(f"{FOLDER} has no tables")
    driver.scheme_client.make_directory(backup)
    if tables(driver, backup):
        raise SystemExit(f"{backup} has tables already")
    copy(pool, [(f"{FOLDER}/{name}", f"{backup}/{name}") for name in names])
    return names


def put_back(driver, pool, backup, names):
    """Replace tables by copies of their copies, which stay. What is replaced moves into a directory of the backup."""
    if lacking := set(names) - set(tables(driver, backup)):
        raise SystemExit(f"{backup} has no copy of {', '.join(sorted(lacking))}")
    there = children(driver, backup)
    aside = next(f"{backup}/{name}" for n in itertools.count(1) if (name := f"replaced-{n}") not in there)
    driver.scheme_client.make_directory(f"{aside}/new")
    copy(pool, [(f"{backup}/{name}", f"{aside}/new/{name}") for name in names])
    replaced = [name for name in names if name in children(driver, FOLDER)]
    away = [(f"{FOLDER}/{name}", f"{aside}/{name}") for name in replaced]
    rename(pool, away + [(f"{aside}/new/{name}", f"{FOLDER}/{name}") for name in names])
    driver.scheme_client.remove_directory(f"{aside}/new")
    return names


def main(what="", backup="", *names):
    parts = f"{backup}/".removeprefix(f"{FOLDER}/").strip("/").split("/")
    if what not in ("take", "put-back") or bool(names) != (what == "put-back") or {"", ".", ".."} & set(parts):
        raise SystemExit(__doc__)
    backup, names = "/".join((FOLDER, *parts)), sorted(set(names))
    with (
        ydb.Driver(endpoint=ENDPOINT, database=DATABASE, root_certificates=CERTIFICATE) as driver,
        ydb.SessionPool(driver, size=1) as pool,
    ):
        driver.wait(timeout=10, fail_fast=True)
        done = put_back(driver, pool, backup, names) if names else take(driver, pool, backup)
        print(what, "/".join(parts), ", ".join(sorted(done)))


if __name__ == "__main__":
    main(*sys.argv[1:])
