op.create_index("ix_series_title", "series", ["title"])
