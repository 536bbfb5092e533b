"""What a database holds, as text."""

from guide.reader.database import dump
from guide.reader.engine import Engine, parse_url
from tests.reader.throwaway import execute


def test_dump(emulator: Engine) -> None:
    execute(
        emulator,
        """CREATE TABLE `shop/series` (
            series_id Int64 NOT NULL, title Utf8, released Date, price Decimal(22, 9), data String,
            PRIMARY KEY (series_id),
            INDEX by_title GLOBAL SYNC ON (title) COVER (released)
        )""",
        "UPSERT INTO `shop/series` (series_id, title, released) VALUES (2, 'b', Date('2024-01-02')), (1, NULL, NULL)",
        "CREATE TABLE empty (b Int64 NOT NULL, a Utf8 NOT NULL, PRIMARY KEY (b, a))",
    )
    assert (
        dump(parse_url(emulator.url))
        == """table empty
  b Int64 not null
  a Utf8 not null
  primary key (b, a)

directory shop

table shop/series
  series_id Int64 not null
  title Utf8
  released Date
  price Decimal(22,9)
  data String
  primary key (series_id)
  index by_title global sync on (title) cover (released)
  row series_id=1, title=NULL, released=NULL, price=NULL, data=NULL
  row series_id=2, title='b', released=2024-01-02, price=NULL, data=NULL
"""
    )
