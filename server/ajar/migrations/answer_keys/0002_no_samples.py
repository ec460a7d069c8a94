"""PostgreSQL's ANALYZE copies sampled values of every column into its catalogue: not of keys."""

from tortoise.migrations import Migration as BaseMigration
from tortoise.migrations.operations import RunPython
from tortoise.migrations.schema_editor.base import BaseSchemaEditor


async def sample_no_keys(_: object, editor: BaseSchemaEditor) -> None:
    if editor.client.capabilities.dialect == "postgres":
        await editor.client.execute_query(
            "ALTER TABLE answer_keys ALTER COLUMN key SET STATISTICS 0", []
        )


class Migration(BaseMigration):
    dependencies = [("answer_keys", "0001_first")]
    operations = [RunPython(sample_no_keys)]
