import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from attempt import engine


class Base(DeclarativeBase):
    pass


class Series(Base):
    __tablename__ = "series"

    series_id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(sa.Unicode)


def save(series: Series) -> str:
    with Session(engine) as session:
        session.add(series)
        try:
            session.commit()
        except sa.exc.DBAPIError as error:
            return f"{type(error).__name__}: {error.orig}"
    return "saved"


print(save(Series(title="IT Crowd")))
"""
DataError: message: "Type annotation" issue_code: 1030 severity: 1 issues { position { row: 1 column: 13 } message: "At function: KiWriteTable!" end_position { row: 1 column: 13 } severity: 1 issues { position { row: 1 column: 13 } message: "Failed to convert type: Struct<\'series_id\':Int64?,\'title\':Utf8> to Struct<\'series_id\':Int64,\'title\':Utf8>" end_position { row: 1 column: 13 } severity: 1 issues { position { row: 1 column: 13 } message: "Failed to convert \'series_id\': Optional<Int64> to Int64" end_position { row: 1 column: 13 } severity: 1 } } issues { position { row: 1 column: 13 } message: "Failed to convert input columns types to scheme types" end_position { row: 1 column: 13 } issue_code: 2031 severity: 1 } } (server_code: 400080)
"""
print(save(Series(series_id=7, title="IT Crowd")))
#> saved
