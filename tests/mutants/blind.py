"""Servers and clients that tell a host what was answered. The first ones are the leaky clients
that `tests/test_blind_server.py` shows to the guessers each time.
"""

from tests.mutants.mutant import Mutant

_VALUES = "tests/blind/test_values.py::test_answers_are_equal_exactly_where_they_must_be"
_BYTES = "tests/blind/test_values.py::test_what_is_sent_and_stored_looks_like_noise"
_FLIPS = "tests/blind/test_flips.py"

FRESH_CLOSED = Mutant(
    name="a closed answer is drawn afresh at each upload",
    promise="Blind server",
    file="pwa/src/crypto/protocol.ts",
    before="  hkdf(sideKey, schedule, label('closed', u32(round)), 64);",
    after=(
        "  hkdf(sideKey, schedule, label('closed', u32(round)), 64)"
        ".then((bytes) => random(bytes.length));"
    ),
    caught_by=(_VALUES,),
)
OPEN_TWICE = Mutant(
    name="an open answer is sent once more",
    promise="Blind server",
    file="pwa/src/rounds/run-answer.ts",
    before="  if (reply?.kind === 'ok') return { type: 'arrived' };",
    after=(
        "  if (reply?.kind === 'ok' && choice === 'open') reply = await put(nextN(0));\n"
        "  if (reply?.kind === 'ok') return { type: 'arrived' };"
    ),
    caught_by=(_FLIPS,),
)

MUTANTS = [
    FRESH_CLOSED,
    OPEN_TWICE,
    Mutant(
        name="an open answer's fields stand in another order",
        promise="Blind server",
        file="pwa/src/rounds/run-answer.ts",
        before="    made.push({ round, body: answers[choice] });",
        after=(
            "    made.push(choice === 'open' ? { body: answers[choice], round }"
            " : { round, body: answers[choice] });"
        ),
        caught_by=(_FLIPS,),
    ),
    Mutant(
        name="after an open answer for the rest the phone looks once more",
        promise="Blind server",
        file="pwa/src/rounds/run-answer.ts",
        before="  if (reply?.kind === 'ok') return { type: 'arrived' };",
        after=(
            "  if (reply?.kind === 'ok') {\n"
            "    if (scope === 'rest' && choice === 'open') await look(seat);\n"
            "    return { type: 'arrived' };\n"
            "  }"
        ),
        caught_by=(_FLIPS,),
    ),
    Mutant(
        name="closed answers are the same in every round",
        promise="Blind server",
        file="pwa/src/crypto/protocol.ts",
        before="label('closed', u32(round))",
        after="label('closed', u32(round * 0))",
        caught_by=(_VALUES,),
    ),
    Mutant(
        name="the seal of an open answer is its token again",
        promise="Blind server",
        file="pwa/src/crypto/protocol.ts",
        before="  return concat(await tokenOf(sealA, sealB, round), side === 'a' ? sealA : sealB);",
        after=(
            "  const token = await tokenOf(sealA, sealB, round);\n"
            "  return side === 'a' ? concat(token, token) : concat(token, sealB);"
        ),
        caught_by=(_VALUES,),
    ),
    Mutant(
        name="the nonce of a box is made from the answer",
        promise="Blind server",
        file="server/ajar/rounds/boxes.py",
        before="        nonce = secrets.token_bytes(_NONCE_SIZE)\n",
        after="        nonce = hmac_sha256(pair_id, body)[:_NONCE_SIZE]\n",
        caught_by=(_FLIPS,),
    ),
    Mutant(
        name="a tag ends with the answer's first byte",
        promise="Blind server",
        file="server/ajar/rounds/boxes.py",
        before="        return hmac_sha256(self._tag_key, ",
        after=(
            "        return hmac_sha256(self._tag_key, token)[:-1] + token[:1]\n"
            "        return hmac_sha256(self._tag_key, "
        ),
        caught_by=(_BYTES,),
    ),
    Mutant(
        name="what is stored of an answer is as long as its first byte is large",
        promise="Blind server",
        file="server/ajar/rounds/boxes.py",
        before="            box=self._box_key.encrypt(",
        after="            box=bytes(body[0]) + self._box_key.encrypt(",
        caught_by=(_FLIPS,),
    ),
    Mutant(
        name="the log says how an answer begins",
        promise="Blind server",
        file="server/ajar/rounds/routes.py",
        before="    bodies = {answer.round: answer.body for answer in upload.answers}\n",
        after=(
            "    bodies = {answer.round: answer.body for answer in upload.answers}\n"
            "    from ajar.quiet_log import logger\n\n"
            '    logger.debug("an answer: %s", upload.answers[0].body[:2].hex())\n'
        ),
        caught_by=(_FLIPS,),
    ),
]
