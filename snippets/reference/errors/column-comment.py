from attempt import attempt

told = attempt(lambda op: op.alter_column("series", "title", comment="The title"))
print(told[told.index("can't") :])
"""
can't render element of type <class 'alembic.ddl.base.ColumnComment'>: <class 'alembic.ddl.base.ColumnComment'> construct has no default compilation handler. (Background on this error at: https://sqlalche.me/e/21/l7de)
"""
