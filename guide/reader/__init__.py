"""The reader test: a page is read as the site reads it, and followed as a reader follows it."""
