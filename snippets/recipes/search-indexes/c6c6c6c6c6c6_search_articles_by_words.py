"""search articles by words

Revision ID: c6c6c6c6c6c6
Revises: c5c5c5c5c5c5
Create Date: 2026-11-29 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "c6c6c6c6c6c6"
down_revision = "c5c5c5c5c5c5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        sa.DDL("""
            ALTER TABLE articles ADD INDEX articles_words GLOBAL USING fulltext_relevance ON (body) COVER (title)
            WITH (tokenizer=standard, use_filter_lowercase=true)
        """)
    )


def downgrade() -> None:
    op.drop_index("articles_words", table_name="articles")
