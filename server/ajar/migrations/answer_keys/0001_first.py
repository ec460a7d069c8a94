"""The first schema of the answer keys' own store; safe to run again."""

from tortoise.migrations import Migration as BaseMigration
from tortoise.migrations.operations import RunSQL


class Migration(BaseMigration):
    initial = True
    operations = [
        RunSQL(
            """CREATE TABLE IF NOT EXISTS answer_keys (
                closes_at BIGINT PRIMARY KEY,
                key BYTEA NOT NULL
            )"""
        )
    ]
