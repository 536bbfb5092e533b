"""search articles by vectors

Revision ID: c7c7c7c7c7c7
Revises: c6c6c6c6c6c6
Create Date: 2026-11-29 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "c7c7c7c7c7c7"
down_revision = "c6c6c6c6c6c6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        sa.DDL("""
            ALTER TABLE articles ADD INDEX articles_near GLOBAL USING vector_kmeans_tree ON (embedding) COVER (title)
            WITH (distance=cosine, vector_type="float", vector_dimension=3, levels=1, clusters=2)
        """)
    )


def downgrade() -> None:
    op.drop_index("articles_near", table_name="articles")
