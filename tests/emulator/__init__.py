"""The emulator is held to what YDB does: a table of cases with their sources, and tests of what a table can't say."""
