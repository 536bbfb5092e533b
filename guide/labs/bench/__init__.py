"""`make bench`: how long things take on the emulator and on SQLite, in one run, through SQLAlchemy."""
