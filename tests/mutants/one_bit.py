"""One bit, broken: something of the partner's life in a header, a field, a status, a push."""

from tests.mutants.mutant import Mutant

ATTACK = (
    "--times",
    "8",
    "tests/test_one_bit.py::test_no_byte_that_reaches_one_side_depends_on_what_the_other_did",
)

MUTANTS = [
    Mutant(
        "the view says how many answers a round has",
        "One bit",
        "server/ajar/rounds/store.py",
        'r.round, r.closed, r.lost,"',
        'r.round, r.closed, (SELECT COUNT(*) FROM answers n"\n'
        '            " WHERE n.pair_id = p.pair_id AND n.round = r.round) > 1 AS lost,"',
        ATTACK,
    ),
    Mutant(
        "a reply's header counts the devices of the pair",
        "One bit",
        "server/ajar/rounds/routes.py",
        "    return reply(await view_of(state_of(request), seat))",
        "    shown = reply(await view_of(state_of(request), seat))\n"
        "    held = await state_of(request).database.read(\n"
        '        lambda c: c.rows("SELECT 1 FROM devices WHERE pair_id = $1", seat.pair_id)\n'
        "    )\n"
        '    shown.headers["x-served-by"] = str(len(held))\n'
        "    return shown",
        ATTACK,
    ),
    Mutant(
        "an invitation is gone once it has been used",
        "One bit",
        "server/ajar/pairing/store.py",
        '" WHERE pair_id = $1 AND invitation_until > $2"',
        '" WHERE pair_id = $1 AND invitation_until > $2 AND join_claim IS NULL"',
        ATTACK,
    ),
    Mutant(
        "telling shows before the next closing instant",
        "One bit",
        "server/ajar/pairing/store.py",
        '"UPDATE pairs SET telling = TRUE WHERE',
        "\"UPDATE pairs SET telling = TRUE, ended = 'decided' WHERE",
        ATTACK,
    ),
    Mutant(
        "phones are counted for the pair, not for the side",
        "One bit",
        "server/ajar/pairing/phones_store.py",
        '"SELECT COUNT(*) AS devices FROM devices WHERE pair_id = $1 AND side = $2"',
        "\"SELECT COUNT(*) AS devices FROM devices WHERE pair_id = $1 AND $2 <> ''\"",
        ATTACK,
    ),
    Mutant(
        "requests are counted by pair",
        "One bit",
        "server/ajar/auth.py",
        "rate_limits.seat_request(seat.device_id)",
        "rate_limits.seat_request(seat.pair_id.hex())",
        ("--times", "24", ATTACK[-1]),  # bursts are rare
    ),
    Mutant(
        "a lost key is made anew by the next pair that is created",
        "One bit",
        "server/ajar/rounds/store.py",
        "    if set(instants) - set(fresh) - await",
        "    fresh = list(instants)\n    if set() and await",
        ("tests/server/rounds/test_close.py", "-k", "hide"),
    ),
    Mutant(
        "leaving takes the pair's reminders along",
        "One bit",
        "server/ajar/pairing/store.py",
        '            "DELETE FROM answers WHERE pair_id = $1 AND side = $2"',
        "            \"DELETE FROM reminders WHERE pair_id = $1 AND $2 <> ''\"",
        ATTACK,
    ),
    Mutant(
        "a push token says when this server last sent for anybody",
        "One bit",
        "server/ajar/reminders/push_keys.py",
        '"exp": (period + 2) * TOKEN_PERIOD',
        '"exp": int(self._clock()) + TOKEN_PERIOD',
        ("tests/server/reminders/test_push_token.py", "-k", "period"),
    ),
    Mutant(
        "the view takes three milliseconds longer where the partner has joined",
        "One bit",
        "server/ajar/rounds/routes.py",
        "    if pair is None:\n        raise no_pair()\n    return View(",
        "    if pair is None:\n        raise no_pair()\n"
        "    held = await state.database.read(\n"
        '        lambda c: c.rows("SELECT 1 FROM devices WHERE pair_id = $1", seat.pair_id)\n'
        "    )\n"
        "    import asyncio\n\n"
        "    await asyncio.sleep(0.003 * (len(held) > 1))\n"
        "    return View(",
        ("--times", "4", "tests/one_bit/test_timing.py"),
    ),
]
