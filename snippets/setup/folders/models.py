# --8<-- [start:views]
class Views(Base):
    __tablename__ = "stats/views"

    series_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    count: Mapped[int | None] = mapped_column(Integer)
# --8<-- [end:views]
