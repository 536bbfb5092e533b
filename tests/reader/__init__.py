"""The reader, tried on throw-away sites of one page."""
