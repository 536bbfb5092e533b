"""What Alembic needs on YDB besides the dialect. Each module stands alone: import it, or copy its file.

PYTEST_DONT_REWRITE: the plugin is one of its packages, and the assertions of the others are no tests'.
"""
