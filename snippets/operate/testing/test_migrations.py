from alembic_ydb.testing import test_models_match, test_one_head, test_stairway  # noqa: F401 - pytest finds them here
