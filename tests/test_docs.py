"""docs/protocol.md says what the server answers: every route, every error code, every number."""

import inspect
import re
from pathlib import Path

from ajar import errors, wire
from ajar.app import ROUTES
from ajar.errors import Refused
from ajar.pairing import rules as pairing
from ajar.rounds import closing

ROOT = Path(__file__).parent.parent
PROTOCOL = (ROOT / "docs" / "protocol.md").read_text()
THREATS = (ROOT / "docs" / "threat-model.md").read_text()


def squeezed(text: str) -> str:
    """`PUT` / `DELETE /api/x` written out as two, as the table shortens them."""
    return re.sub(r"`(\w+)` / `(\w+) ([^`]+)`", r"`\1 \3` `\2 \3`", text).replace(
        "`GET` / `DELETE", "`GET"
    )


def test_every_route_is_in_the_table() -> None:
    text = squeezed(PROTOCOL).replace("`GET /healthz`, `/readyz`", "`GET /healthz` `GET /readyz`")
    text = text.replace(", `/api/openapi.json`", " `GET /api/openapi.json`")
    named = set(re.findall(r"`(GET|PUT|POST|DELETE) (/[^`]+)`", text)) - {("GET", "/metrics")}
    routes = {
        (method, route.path) for route in ROUTES for method in (route.methods or set()) - {"HEAD"}
    }
    assert named == routes


def test_every_error_code_is_named() -> None:
    made = [
        make(1) if inspect.signature(make).parameters else make()
        for make in vars(errors).values()
        if inspect.isfunction(make) and inspect.signature(make).return_annotation is Refused
    ]
    codes = {refused.code for refused in made} | {"not_found", "method_not_allowed"}
    assert len(codes) == 19
    assert {code for code in codes if f"`{code}`" not in PROTOCOL} == set()


def test_its_numbers_are_those_of_the_code() -> None:
    hour, day = 3600, 24 * 3600
    said = {
        "request bodies up to 16 KiB": (wire.MAX_BODY, 16 * 1024),
        "0 to 16, replaces the list": (wire.MAX_REMINDERS, 16),
        "the first at least an hour ahead": (pairing.SHORTEST_LEAD, hour),
        "23 hours to 31 days": (pairing.SHORTEST_DISTANCE, 23 * hour),
        "31 days and one hour apart": (pairing.LONGEST_DISTANCE, 31 * day + hour),
        "the earlier of 72 hours and the last close": (pairing.INVITATION_LASTS, 72 * hour),
        "may join within 10 minutes": (pairing.PHONE_OFFER_LASTS, 600),
        "14 days after its last closing instant": (pairing.KEPT_AFTER_THE_END, 14 * day),
        "erased 14 days after a match": (closing.KEPT_AFTER_THE_END, 14 * day),
    }
    for sentence, (held, meant) in said.items():
        assert sentence in PROTOCOL
        assert held == meant, sentence


MUST = re.compile(r"^\| (\d\.\d+) \| (.*) \| (.*) \|$", re.MULTILINE)


def test_every_must_is_numbered_and_names_a_test_that_exists() -> None:
    musts = MUST.findall(PROTOCOL)
    numbers = [number for number, _, _ in musts]
    assert len(musts) >= 40
    assert numbers == sorted(set(numbers), key=lambda n: [int(part) for part in n.split(".")])
    assert {number.split(".")[0] for number in numbers} == set("1234567")
    for number, sentence, tests in musts:
        assert "MUST" in sentence, number
        named = re.findall(r"`([\w/.-]+)` «([^»]+)»", tests)
        assert named, number
        for path, name in named:
            assert name in (ROOT / path).read_text(), (number, path, name)


def test_what_quiet_says_to_one_who_is_always_open_is_worked_out() -> None:
    """Bayes, for the example that the page gives: three in ten, and even chances a round."""
    header, _, row = THREATS[THREATS.index("| quiet rounds") :].splitlines()[:3]
    for rounds, said in zip(header.split("|")[2:-1], row.split("|")[2:-1], strict=True):
        left = 0.3 * 0.5 ** int(rounds)
        assert said.strip() == f"{left / (left + 0.7):.0%}"
