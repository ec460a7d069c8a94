"""The one table of the `answer_keys` store, which is kept apart from everything else."""

from tortoise import Model, fields


class AnswerKey(Model):
    """32 random bytes per closing instant, for all pairs that close then; destroyed with it."""

    closes_at = fields.BigIntField(primary_key=True, generated=False)
    key = fields.BinaryField()

    class Meta:
        table = "answer_keys"
