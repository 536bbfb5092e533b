from alembic import op

# --8<-- [start:plain]
from alembic.operations import MigrateOperation, Operations


@Operations.register_operation("truncate_table")
class TruncateTable(MigrateOperation):
    def __init__(self, table_name):
        self.table_name = table_name

    @classmethod
    def truncate_table(cls, operations, table_name):
        return operations.invoke(cls(table_name))


@Operations.implementation_for(TruncateTable)
def truncate_table(operations, operation):
    operations.execute(f"DELETE FROM {operation.table_name}")


op.truncate_table("series")
# --8<-- [end:plain]
