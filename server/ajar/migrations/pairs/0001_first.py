"""The first schema. Plain SQL that both SQLite and PostgreSQL read; safe to run again."""

from tortoise.migrations import Migration as BaseMigration
from tortoise.migrations.operations import RunSQL

STATEMENTS = [
    """CREATE TABLE IF NOT EXISTS pairs (
        pair_id BYTEA PRIMARY KEY,
        wording VARCHAR(12) NOT NULL,
        closes TEXT NOT NULL,
        join_hash BYTEA NOT NULL,
        join_claim BYTEA,
        invitation_until BIGINT NOT NULL,
        decoy_key BYTEA NOT NULL,
        ended VARCHAR(8),
        telling BOOLEAN NOT NULL DEFAULT FALSE,
        erase_at BIGINT NOT NULL
    )""",
    "CREATE INDEX IF NOT EXISTS pairs_erase_at ON pairs (erase_at)",
    """CREATE TABLE IF NOT EXISTS rounds (
        pair_id BYTEA NOT NULL,
        round SMALLINT NOT NULL,
        closes_at BIGINT NOT NULL,
        closed BOOLEAN NOT NULL DEFAULT FALSE,
        lost BOOLEAN NOT NULL DEFAULT FALSE,
        batch BIGINT,
        for_a BYTEA,
        for_b BYTEA,
        PRIMARY KEY (pair_id, round)
    )""",
    "CREATE INDEX IF NOT EXISTS rounds_open ON rounds (closes_at, pair_id) WHERE NOT closed",
    """CREATE TABLE IF NOT EXISTS answers (
        pair_id BYTEA NOT NULL,
        round SMALLINT NOT NULL,
        side VARCHAR(1) NOT NULL,
        tag BYTEA NOT NULL,
        nonce BYTEA NOT NULL,
        box BYTEA NOT NULL,
        PRIMARY KEY (pair_id, round, side)
    )""",
    """CREATE TABLE IF NOT EXISTS devices (
        pair_id BYTEA NOT NULL,
        device_id VARCHAR(22) NOT NULL,
        side VARCHAR(1) NOT NULL,
        token_hash BYTEA NOT NULL,
        claim_hash BYTEA NOT NULL,
        last_n BIGINT NOT NULL DEFAULT 0,
        endpoint TEXT,
        p256dh BYTEA,
        auth BYTEA,
        PRIMARY KEY (pair_id, device_id)
    )""",
    "CREATE UNIQUE INDEX IF NOT EXISTS devices_token ON devices (pair_id, token_hash)",
    """CREATE TABLE IF NOT EXISTS phone_offers (
        pair_id BYTEA NOT NULL,
        side VARCHAR(1) NOT NULL,
        join_hash BYTEA NOT NULL,
        join_claim BYTEA,
        expires_at BIGINT NOT NULL,
        PRIMARY KEY (pair_id, side)
    )""",
    """CREATE TABLE IF NOT EXISTS reminders (
        pair_id BYTEA NOT NULL,
        device_id VARCHAR(22) NOT NULL,
        at BIGINT NOT NULL,
        due_at BIGINT NOT NULL,
        fence BIGINT NOT NULL DEFAULT 0,
        attempts SMALLINT NOT NULL DEFAULT 0,
        PRIMARY KEY (pair_id, device_id, at)
    )""",
    "CREATE INDEX IF NOT EXISTS reminders_due ON reminders (due_at)",
    "CREATE INDEX IF NOT EXISTS reminders_held ON reminders (fence) WHERE fence <> 0",
]


class Migration(BaseMigration):
    initial = True
    operations = [RunSQL(statement) for statement in STATEMENTS]
