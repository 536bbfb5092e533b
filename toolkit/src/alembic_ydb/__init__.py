"""What Alembic needs on YDB besides the dialect. Each module stands alone: import it, or copy its file."""
