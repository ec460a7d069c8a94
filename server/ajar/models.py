"""Every table of the `pairs` store: the schema is the privacy statement.

Each column says what it reveals to someone who reads the database. Names, addresses, user agents
and times of requests are not here because they are nowhere. The statements that create these
tables are written by hand in `migrations/pairs` (Tortoise knows no key of several columns and
remakes SQLite tables destructively); a test holds both against each other. The ORM's own primary
key below is therefore nominal: stores speak SQL and never save a model instance.

Every key begins with the pair, so that the tables can be spread over machines by it.
"""

from tortoise import Model, fields


class PairIdField(fields.BinaryField[bytes]):
    """16 random bytes, made from the invitation on a phone. Says nothing about anyone."""

    indexable = True

    def __init__(self) -> None:
        super().__init__(primary_key=True)


class Pair(Model):
    """One run of two sides."""

    pair_id = PairIdField()
    # 'marriage' or 'relationship': what the one who invited chose for the wording.
    wording = fields.CharField(max_length=12)
    # The closing instants, UTC seconds, comma-separated: the run's schedule.
    closes = fields.TextField()
    # SHA-256 of the secret that takes the invited seat. Cannot be turned back.
    join_hash = fields.BinaryField()
    # SHA-256 of the claim that took it; null until then: shows whether the other side joined.
    join_claim = fields.BinaryField(null=True)
    # Until when the invitation works, UTC seconds.
    invitation_until = fields.BigIntField()
    # Random; makes the bytes that stand in for a seal. Erased with the pair.
    decoy_key = fields.BinaryField()
    # null, 'finished' or 'decided': what `ended` in the view says.
    ended = fields.CharField(max_length=8, null=True)
    # One side has left and asked that the other be told at the next closing instant.
    telling = fields.BooleanField(default=False)
    # From when on nothing of this pair may be left, UTC seconds.
    erase_at = fields.BigIntField()

    class Meta:
        table = "pairs"


class Round(Model):
    """One closing instant of a pair. Rows after the run's end are deleted."""

    pair_id = PairIdField()
    # Its place in the run, from 0.
    round = fields.SmallIntField()
    # Its instant, as `closes` above has it: many pairs share one.
    closes_at = fields.BigIntField()
    # The comparison has been made. Not whether anybody answered.
    closed = fields.BooleanField(default=False)
    # The answer key of this instant was lost: the same for every pair that closes then.
    lost = fields.BooleanField(default=False)
    # Random, the same for all rounds that one transaction closed. Says nothing about anyone.
    batch = fields.BigIntField(null=True)
    # After a match, the seal handed to each side; null otherwise: shows that both were open.
    for_a = fields.BinaryField(null=True)
    for_b = fields.BinaryField(null=True)

    class Meta:
        table = "rounds"


class Answer(Model):
    """One side's answer for one open round; deleted at its close. Shows that it answered."""

    pair_id = PairIdField()
    # Which round, and 'a' who invited or 'b' who was invited: that this side has answered it.
    round = fields.SmallIntField()
    side = fields.CharField(max_length=1)
    # Under the answer key: a mark to compare, and a sealed half that only a match may open.
    tag = fields.BinaryField()
    nonce = fields.BinaryField()
    box = fields.BinaryField()

    class Meta:
        table = "answers"


class Device(Model):
    """One phone or browser of a side."""

    pair_id = PairIdField()
    # Random, never leaves the server.
    device_id = fields.CharField(max_length=22)
    # 'a' or 'b': how many phones this side has.
    side = fields.CharField(max_length=1)
    # SHA-256 of the cookie's secret.
    token_hash = fields.BinaryField()
    # SHA-256 of the claim this device joined with, so that a lost reply can be repeated.
    claim_hash = fields.BinaryField()
    # The phone's own rising number, milliseconds, of its last answer; 0 before the first.
    last_n = fields.BigIntField(default=0)
    # The push subscription, if it has one: which push service the phone uses.
    endpoint = fields.TextField(null=True)
    p256dh = fields.BinaryField(null=True)
    auth = fields.BinaryField(null=True)
    # Whose push service that is, so that a slow one delays no other. Says what `endpoint` says.
    service = fields.TextField(null=True)
    # Which of the server's own push keys it was made for; null as long as there was one alone.
    push_key = fields.CharField(max_length=16, null=True)

    class Meta:
        table = "devices"


class PhoneOffer(Model):
    """An open offer for one more phone of a side. At most one per side."""

    pair_id = PairIdField()
    # 'a' or 'b': that this side has wanted one more phone.
    side = fields.CharField(max_length=1)
    # As in `pairs`: SHA-256 of the secret that takes the offer, and of the claim that took it.
    join_hash = fields.BinaryField()
    join_claim = fields.BinaryField(null=True)
    # UTC seconds, ten minutes after it was made.
    expires_at = fields.BigIntField()

    class Meta:
        table = "phone_offers"


class Reminder(Model):
    """An instant at which one device asked to be reminded; deleted when sent."""

    pair_id = PairIdField()
    # Which device, and the instant it chose, UTC seconds.
    device_id = fields.CharField(max_length=22)
    at = fields.BigIntField()
    # Not to be claimed before this instant: `at` itself, a worker's lease, or a retry.
    due_at = fields.BigIntField()
    # Random per claim: only the worker that holds it may say what became of the reminder.
    fence = fields.BigIntField(default=0)
    # How often it was claimed: that the phone's push service was busy.
    attempts = fields.SmallIntField(default=0)

    class Meta:
        table = "reminders"
