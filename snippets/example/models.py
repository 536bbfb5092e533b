# --8<-- [start:rating]
class Series(Base):
    __tablename__ = "series"

    series_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    title: Mapped[str | None] = mapped_column(Unicode)
    series_info: Mapped[str | None] = mapped_column(Unicode)
    release_date: Mapped[int | None] = mapped_column(Integer)
    rating: Mapped[int | None] = mapped_column(Integer)
# --8<-- [end:rating]
