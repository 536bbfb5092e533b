rename(("series", "series_v1"), ("series_v2", "series"))
