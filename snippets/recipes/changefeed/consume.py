import json
import os
import posixpath

import sqlalchemy as sa
import ydb

titles: dict[int, str | None] = {}


def apply(record: dict) -> None:
    """Take a change of a row over. Doing so twice does no harm."""
    if "key" not in record:
        return  # a barrier, or a change of the schema
    (series_id,) = record["key"]
    if "erase" in record:
        titles.pop(series_id, None)
    else:
        titles[series_id] = record["newImage"].get("title")


def main() -> None:
    url = sa.make_url(os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local"))
    topic = posixpath.join(f"/{url.database}", url.query.get("ydb_table_path_prefix", ""), "series/updates")
    endpoint = f"{url.query.get('protocol', 'grpc')}://{url.host}:{url.port}"
    certificate = ydb.load_ydb_root_certificate(url.query.get("root_certificates_path"))
    with (
        ydb.Driver(endpoint=endpoint, database=f"/{url.database}", root_certificates=certificate) as driver,
        driver.topic_client.reader(topic, consumer="search") as reader,
    ):
        while True:
            message = reader.receive_message()
            apply(json.loads(message.data))
            reader.commit(message)


if __name__ == "__main__":
    main()
