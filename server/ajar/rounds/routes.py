"""`GET /api/pair` and `PUT /api/answers` (`docs/protocol.md`, section 5)."""

import secrets

from starlette.requests import Request
from starlette.responses import Response

from ajar.auth import Seat, require_seat
from ajar.errors import invalid, no_pair, out_of_order, round_closed, unavailable
from ajar.json_reply import reply
from ajar.protocol import SECRET_SIZE
from ajar.rounds import answer_keys, rules, store
from ajar.rounds.boxes import Boxed, Boxer
from ajar.state import State, state_of
from ajar.wire import Answers, View, read


async def get_pair(request: Request) -> Response:
    seat = await require_seat(request)
    return reply(await view_of(state_of(request), seat))


async def put_answers(request: Request) -> Response:
    seat = await require_seat(request)
    upload = await read(request, Answers)
    bodies = {answer.round: answer.body for answer in upload.answers}
    if len(bodies) < len(upload.answers):
        raise invalid("answers: one answer per round.")
    state = state_of(request)
    pair = await store.pair_state(state.database, seat)
    if pair is None:
        raise no_pair()
    if max(bodies) >= len(pair.closes):
        raise invalid("answers: the run has no such round.")
    boxed = {
        index: await _boxed(state, seat, pair.closes[index], index, body)
        for index, body in bodies.items()
    }
    saved = await store.save_answers(state.database, seat, upload.n, boxed)
    if saved == "saved":
        return Response(status_code=204)
    raise {"no_pair": no_pair, "out_of_order": out_of_order, "round_closed": round_closed}[saved]()


async def view_of(state: State, seat: Seat) -> View:
    """What this side may know. Raises Refused 401 if the pair has been erased meanwhile."""
    pair = await store.pair_state(state.database, seat)
    if pair is None:
        raise no_pair()
    return View(
        pair_id=seat.pair_id,
        side=seat.side,
        wording=pair.wording,
        closes=list(pair.closes),
        seals=rules.seals(pair.rounds, len(pair.closes), pair.decoy_key, seat.pair_id, seat.side),
        lost=[index for index, state in sorted(pair.rounds.items()) if state.lost],
        ended=pair.ended,
        now=state.now(),
    )


async def _boxed(state: State, seat: Seat, closes_at: int, index: int, body: bytes) -> Boxed:
    """Tag and box under the instant's answer key; the body itself goes no further than here.

    Without a key either it was lost: then nothing is taken until the worker has marked the loss
    (were it done here, one side's upload would show in the other's view). Or the round has
    closed: then a random key that nobody keeps does for what will not be stored.
    """
    key = await answer_keys.get(state.database, closes_at)
    if key is None:
        if closes_at in await store.open_instants(state.database):
            raise unavailable()
        key = secrets.token_bytes(SECRET_SIZE)
    return Boxer(key).put(body, seat.pair_id, seat.side, index)
