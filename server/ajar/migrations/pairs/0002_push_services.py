"""What a subscription is told apart by: its push service, and the server's key it was made for."""

from tortoise.migrations import Migration as BaseMigration
from tortoise.migrations.operations import RunPython
from tortoise.migrations.schema_editor import BaseSchemaEditor

COLUMNS = {"service": "TEXT", "push_key": "VARCHAR(16)"}


async def add_columns(_: object, editor: BaseSchemaEditor) -> None:
    """Those that are not there: a process killed before this was noted down has added them."""
    client = editor.client
    on_sqlite = client.capabilities.dialect == "sqlite"
    held = await client.execute_query_dict("PRAGMA table_info(devices)") if on_sqlite else []
    there = {column["name"] for column in held}
    guard = "" if on_sqlite else "IF NOT EXISTS "
    for name, kind in COLUMNS.items():
        if name not in there:
            await client.execute_script(f"ALTER TABLE devices ADD COLUMN {guard}{name} {kind}")


class Migration(BaseMigration):
    dependencies = [("pairs", "0001_first")]
    operations = [RunPython(add_columns)]
