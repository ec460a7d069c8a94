"""Where reminders may go: every trick by its name, and the real services' own addresses."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import example, given, settings
from hypothesis import strategies as st
from yarl import URL

from ajar.reminders.push_hosts import MAX_ENDPOINT, PUSH_SERVICES, endpoint_problem, key_problem
from ajar.wire import to_base64url
from tests.phone import Phone, new_pair
from tests.running_server import RunningServer
from tests.server.expect import refused
from tests.server.stores import dump

NOWHERE_ELSE: frozenset[str] = frozenset()
FURTHER = frozenset({"push.example.org", "localhost:8801", "[::1]:8802", "127.0.0.1:80"})

REAL = {
    "chrome": "https://fcm.googleapis.com/fcm/send/dQw4w9WgXcQ:APA91bH-x_y",
    "chrome web push": "https://fcm.googleapis.com/wp/dQw4w9WgXcQ:APA91bH-x_y",
    "chromium": "https://jmt17.google.com/fcm/send/dQw4w9WgXcQ:APA91bH-x_y",
    "firefox": "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABl-x_y",
    "firefox short": "https://push.services.mozilla.com/wpush/v2/gAAAAABl-x_y",
    "safari": "https://web.push.apple.com/QOXcRz-x_y",
    "edge": "https://wns2-par02p.notify.windows.com/w/?token=BQYAAAC%2bx%3d%3d",
    "usual port written out": "https://fcm.googleapis.com:443/fcm/send/x",
    "host in capitals": "https://FCM.GoogleAPIs.com/fcm/send/x",
}

HOSTILE = {
    "plain http": "http://fcm.googleapis.com/fcm/send/x",
    "another scheme": "ftp://fcm.googleapis.com/fcm/send/x",
    "a file": "file:///etc/passwd",
    "script": "javascript://fcm.googleapis.com/%0aalert(1)",
    "no scheme": "//fcm.googleapis.com/fcm/send/x",
    "no slashes": "https:fcm.googleapis.com/fcm/send/x",
    "one slash": "https:/fcm.googleapis.com/fcm/send/x",
    "three slashes": "https:///fcm.googleapis.com/fcm/send/x",
    "empty": "",
    "no host": "https:///",
    "no path": "https://fcm.googleapis.com",
    "metadata address": "http://169.254.169.254/latest/meta-data/",
    "metadata address by https": "https://169.254.169.254/latest/meta-data/",
    "private address": "https://10.0.0.1/fcm/send/x",
    "private address with the service as path": "https://10.0.0.1/fcm.googleapis.com/",
    "loopback": "https://127.0.0.1/fcm/send/x",
    "loopback by name": "https://localhost/fcm/send/x",
    "loopback in decimal": "https://2130706433/x",
    "loopback in octal": "https://0177.0.0.1/x",
    "loopback in hexadecimal": "https://0x7f.0.0.1/x",
    "loopback shortened": "https://127.1/x",
    "all addresses": "https://0.0.0.0/x",
    "loopback in IPv6": "https://[::1]/x",
    "mapped IPv4": "https://[::ffff:127.0.0.1]/x",
    "mapped IPv4 in hexadecimal": "https://[::ffff:7f00:1]/x",
    "link-local with a zone": "https://[fe80::1%25eth0]/x",
    "unclosed bracket": "https://[::1/x",
    "service in brackets": "https://[fcm.googleapis.com]/x",
    "look-alike ending": "https://evilfcm.googleapis.com.example/x",
    "no label boundary": "https://evil-fcm.googleapis.com/x",
    "no label boundary, glued": "https://xpush.apple.com/x",
    "service as a label of another": "https://fcm.googleapis.com.evil.example/x",
    "parent of a service": "https://googleapis.com/x",
    "sibling of a service": "https://storage.googleapis.com/x",
    "trailing dot": "https://fcm.googleapis.com./x",
    "leading dot": "https://.fcm.googleapis.com/x",
    "empty label": "https://a..fcm.googleapis.com/x",
    "name before the host": "https://fcm.googleapis.com@evil.example/x",
    "name before a real host": "https://user@fcm.googleapis.com/x",
    "name and password": "https://user:secret@fcm.googleapis.com/x",
    "empty name": "https://@fcm.googleapis.com/x",
    "two at signs": "https://a@b@fcm.googleapis.com/x",
    "host behind a fragment": "https://evil.example#@fcm.googleapis.com/x",
    "host behind a query": "https://evil.example?@fcm.googleapis.com/x",
    "fragment": "https://fcm.googleapis.com/x#y",
    "empty fragment": "https://fcm.googleapis.com/x#",
    "query without a path": "https://fcm.googleapis.com?x",
    "backslash before the host": "https://evil.example\\@fcm.googleapis.com/x",
    "backslash as a slash": "https:\\\\fcm.googleapis.com\\x",
    "backslash in the path": "https://fcm.googleapis.com/\\evil",
    "odd port": "https://fcm.googleapis.com:22/x",
    "http's port": "https://fcm.googleapis.com:80/x",
    "no port behind the colon": "https://fcm.googleapis.com:/x",
    "port with a zero before": "https://fcm.googleapis.com:0443/x",
    "port with a sign": "https://fcm.googleapis.com:+443/x",
    "port out of range": "https://fcm.googleapis.com:65979/x",
    "port in Arabic digits": "https://fcm.googleapis.com:\u0664\u0664\u0663/x",
    "port that is a name": "https://fcm.googleapis.com:https/x",
    "tab in the host": "https://fcm.google\tapis.com/x",
    "line break in the host": "https://evil.example\n.fcm.googleapis.com/x",
    "request smuggled in the path": "https://fcm.googleapis.com/x HTTP/1.1\r\nX-Evil: 1",
    "space before": " https://fcm.googleapis.com/x",
    "space behind": "https://fcm.googleapis.com/x ",
    "nul": "https://fcm.googleapis.com\0.evil.example/x",
    "delete character": "https://fcm.googleapis.com/\x7f",
    "ideographic full stop": "https://evil.example\u3002fcm.googleapis.com/x",
    "full-width letters": "https://\uff46cm.googleapis.com/x",
    "Cyrillic look-alike": "https://f\u0441m.googleapis.com/x",
    "long s that folds to s": "https://web.pu\u017fh.apple.com/x",
    "slash look-alike": "https://evil.example\u2044.fcm.googleapis.com/x",
    "host in percent signs": "https://fcm%2egoogleapis%2ecom/x",
    "slash in percent signs": "https://evil.example%2f.fcm.googleapis.com/x",
    "at sign in percent signs": "https://evil.example%40fcm.googleapis.com/x",
    "underscore label": "https://_x.fcm.googleapis.com/x",
    "comma list": "https://evil.example,fcm.googleapis.com/x",
    "semicolon": "https://evil.example;fcm.googleapis.com/x",
    "IDN spelled out": "https://xn--fm-fmc.googleapis.com/x",
    "soft hyphen": "https://fcm\u00ad.googleapis.com/x",
    "zero-width space": "https://fcm.googleapis.com\u200b.evil.example/x",
    "right-to-left mark": "https://\u202efcm.googleapis.com/x",
    "full-width full stop": "https://fcm.googleapis.com\uff0eevil.example/x",
    "half-width full stop": "https://fcm.googleapis.com\uff61evil.example/x",
    "digits in circles": "https://\u2460\u2461\u2466.\u24ea.\u24ea.\u2460/x",
    "carriage return before a header": "https://fcm.googleapis.com/x\r\nHost: evil.example",
    "NUL in percent signs": "https://fcm.googleapis.com%00.evil.example/x",
    "host twice in percent signs": "https://fcm%252egoogleapis%252ecom/x",
    "zone without percent sign": "https://[fe80::1%eth0]/x",
    "unique local in IPv6": "https://[fd00::1]/x",
    "IPv4 inside 6to4": "https://[2002:7f00:1::]/x",
    "IPv4 behind a translator": "https://[64:ff9b::7f00:1]/x",
    "carrier-grade NAT": "https://100.64.0.1/x",
    "loopback in octal throughout": "https://0177.00.00.01/x",
    "loopback as one octal number": "https://017700000001/x",
    "loopback as one hexadecimal number": "https://0x7f000001/x",
    "loopback with a dot behind": "https://127.0.0.1./x",
    "loopback by a name of the service": "https://127.0.0.1.fcm.googleapis.com.nip.example/x",
    "two ports": "https://fcm.googleapis.com:443:80/x",
    "port zero": "https://fcm.googleapis.com:0/x",
    "port with a space": "https://fcm.googleapis.com: 443/x",
    "port below zero": "https://fcm.googleapis.com:-443/x",
    "two trailing dots": "https://fcm.googleapis.com../x",
    "dot alone": "https://./x",
    "wildcard": "https://*.push.apple.com/x",
    "ending of a service alone": "https://apple.com/x",
    "service behind a hyphen": "https://web-push.apple.com.evil.example/x",
    "scheme twice": "https://https://fcm.googleapis.com/x",
    "credentials in percent signs": "https://user%3asecret%40fcm.googleapis.com/x",
    "an address of data": "data:text/plain,fcm.googleapis.com",
    "too long": "https://fcm.googleapis.com/" + "x" * MAX_ENDPOINT,
}


@pytest.fixture
def seat(emptied: RunningServer) -> Phone:
    return new_pair(emptied)[0]


@pytest.mark.parametrize("service", REAL)
def test_the_services_of_real_browsers_are_allowed(service: str) -> None:
    assert endpoint_problem(REAL[service], NOWHERE_ELSE) is None


@pytest.mark.parametrize("trick", HOSTILE)
@pytest.mark.parametrize("further", [NOWHERE_ELSE, FURTHER], ids=["alone", "with further hosts"])
def test_a_hostile_endpoint_is_refused_with_a_sentence(trick: str, further: frozenset[str]) -> None:
    problem = endpoint_problem(HOSTILE[trick], further)
    assert problem is not None
    assert problem.endswith(".")


@pytest.mark.parametrize("trick", HOSTILE)
def test_a_hostile_endpoint_is_refused_at_saving_and_changes_nothing(
    emptied: RunningServer, seat: Phone, trick: str
) -> None:
    before = dump(emptied)
    keys = {"p256dh": to_base64url(POINT), "auth": to_base64url(bytes(16))}
    reply = seat.request("PUT", "/api/subscription", {**keys, "endpoint": HOSTILE[trick]})
    of_no_length = trick in ("empty", "too long")  # which the shape of the request says already
    assert refused(reply) == (422, "invalid" if of_no_length else "push_service")
    assert dump(emptied) == before


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://push.example.org/x",
        "https://push.example.org:443/x",
        "http://push.example.org/x",
        "http://push.example.org:80/x",
        "http://localhost:8801/x",
        "https://localhost:8801/x",
        "http://[::1]:8802/x",
        "http://127.0.0.1/x",
        "http://127.0.0.1:80/x",
    ],
)
def test_the_operators_further_hosts_are_allowed_as_listed(endpoint: str) -> None:
    assert endpoint_problem(endpoint, FURTHER) is None
    assert endpoint_problem(endpoint, NOWHERE_ELSE) is not None


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://push.example.org:8443/x",
        "https://below.push.example.org/x",
        "https://push.example.org./x",
        "https://push.example.org:/x",
        "https://user@push.example.org/x",
        "http://localhost/x",
        "http://localhost:8802/x",
        "http://localhost:08801/x",
        "http://[::1]/x",
        "http://[0:0:0:0:0:0:0:1]:8802/x",
        "https://127.0.0.1/x",
        "ws://localhost:8801/x",
    ],
)
def test_what_is_only_like_a_further_host_is_refused(endpoint: str) -> None:
    assert endpoint_problem(endpoint, FURTHER) is not None


@settings(deadline=None)
@given(st.text(max_size=80) | st.from_regex(r"https?://[^/]{0,40}fcm\.googleapis\.com[^/]{0,20}/x"))
@example("https://fcm.googleapis.com/x")
def test_what_is_allowed_is_read_the_same_by_the_client_that_sends(endpoint: str) -> None:
    if endpoint_problem(endpoint, NOWHERE_ELSE) is None:
        url = URL(endpoint, encoded=True)
        assert url.scheme == "https"
        assert url.port == 443
        assert url.user is None
        assert any(f".{url.host}".endswith(f".{name}") for name in PUSH_SERVICES)


def _point() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _changed(point: bytes, at: int) -> bytes:
    return point[:at] + bytes([point[at] ^ 1]) + point[at + 1 :]


POINT = _point()
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
# The curve has a point with x = 5; adding p to it names the same point once more.
Y_OF_5 = 0x459243B9AA581806FE913BCE99817ADE11CA503C64D9A3C533415C083248FBCC
OUTSIDE_THE_FIELD = b"\x04" + (P + 5).to_bytes(32, "big") + Y_OF_5.to_bytes(32, "big")


def test_keys_of_a_browser_have_no_problem() -> None:
    for _ in range(20):
        assert key_problem(_point(), bytes(16)) is None


BAD_KEYS = {
    "x changed": (_changed(POINT, 32), bytes(16)),
    "y changed": (_changed(POINT, 64), bytes(16)),
    "all zero": (b"\x04" + bytes(64), bytes(16)),
    "infinity": (b"\x00", bytes(16)),
    "compressed": (b"\x02" + POINT[1:33], bytes(16)),
    "hybrid": (b"\x06" + POINT[1:], bytes(16)),
    "a byte short": (POINT[:-1], bytes(16)),
    "a byte long": (POINT + b"\0", bytes(16)),
    "empty": (b"", bytes(16)),
    "x outside the field": (OUTSIDE_THE_FIELD, bytes(16)),
    "auth short": (POINT, bytes(15)),
    "auth long": (POINT, bytes(17)),
    "auth empty": (POINT, b""),
}


@pytest.mark.parametrize("trick", BAD_KEYS)
def test_bad_keys_are_refused_with_a_sentence(trick: str) -> None:
    problem = key_problem(*BAD_KEYS[trick])
    assert problem is not None
    assert problem.endswith(".")


def test_the_point_outside_the_field_is_on_the_curve_but_for_its_size() -> None:
    inside = b"\x04" + (5).to_bytes(32, "big") + Y_OF_5.to_bytes(32, "big")
    assert key_problem(inside, bytes(16)) is None


@settings(deadline=None)
@given(st.binary(min_size=64, max_size=64))
def test_a_point_is_accepted_exactly_when_the_library_that_encrypts_accepts_it(tail: bytes) -> None:
    point = b"\x04" + tail
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        usable = True
    except ValueError:
        usable = False
    assert (key_problem(point, bytes(16)) is None) == usable
