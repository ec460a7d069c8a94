"""Settings: sound defaults, and a sentence that names the setting for whatever is not sound."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ajar.settings import DEFAULT_LEAVE_URL, SETTINGS, Settings, Unsafe, read
from tests.server.process import COMMAND, environment, free_port, running

HOSTED = {
    "AJAR_HOST": "0.0.0.0",  # noqa: S104 - what a container listens on
    "AJAR_PUBLIC_URL": "https://ajar.example.org",
    "AJAR_TRUSTED_PROXIES": "127.0.0.1",
    "AJAR_OPERATOR": "A counsellor in Bern",
    "AJAR_CONTACT": "host@example.org",
    "AJAR_NEITHER_PARTNER": "yes",
}

# Each is refused with a sentence that names the setting to change.
NONSENSE: dict[str, list[str]] = {
    "AJAR_PORT": ["0", "65536", "-1", "http", "8000.0", "٨٠٠٠", "1e3"],
    "AJAR_METRICS_PORT": ["-1", "65536", "x"],
    "AJAR_MIN_INTERVAL": ["0", "3601", "-5", "60s", "0.5"],
    "AJAR_WORKER": ["on", "Embedded", "no", "0"],
    "AJAR_RATE_LIMITS": ["false", "OFF", "0"],
    "AJAR_PUBLIC_URL": [
        "localhost",
        "localhost:8000",
        "ftp://localhost",
        "http://",
        "http://[",
        "http://localhost/ajar",
        "http://localhost?x=1",
        "http://localhost#x",
        "http://me:secret@localhost",
        "http://localhost:port",
        "http://localhost:99999",
        "http://local host",
    ],
    "AJAR_DATABASE_URL": [
        "postgres://u@h/d",
        "ajar.sqlite3",
        "sqlite3:///x",
        "sqlite://",
        "mysql://u@h/d",
    ],
    "AJAR_ANSWER_KEYS_URL": ["ajar.sqlite3", "redis://localhost", "sqlite://"],
    "AJAR_TRUSTED_PROXIES": [
        "*",
        "proxy",
        "127.0.0.1;10.0.0.1",
        "10.0.0.0/33",
        "0.0.0.0/0",
        "::/0",
    ],
    "AJAR_TLS_CERT": ["/nowhere/cert.pem"],
    "AJAR_TLS_KEY": ["/nowhere/key.pem"],
    "AJAR_CONTACT": ["me", "http://example.org", "https:", "https://", "@", "a@b c", "mailto:a@b"],
    "AJAR_SUPPORT_LINES": ["/nowhere/lines.json"],
    "AJAR_LEAVE_URL": [
        "http://example.org",
        "example.org",
        "https://",
        "https://[",
        "javascript:1",
    ],
    "AJAR_ACCESS_CODE": ["x" * 201],
    "AJAR_PUSH_HOSTS": ["https://push.example.org", "push.example.org/path", "a b", "*"],
}
UNSAFE: dict[str, tuple[dict[str, str], str]] = {
    "reachable under no name": ({"AJAR_HOST": "0.0.0.0"}, "AJAR_PUBLIC_URL"),  # noqa: S104
    "reachable by every address": ({"AJAR_HOST": "::"}, "AJAR_PUBLIC_URL"),
    "reachable in the house": ({"AJAR_HOST": "192.168.1.7"}, "AJAR_PUBLIC_URL"),
    "reachable by a name of its own": ({"AJAR_HOST": "ajar.example.org"}, "AJAR_PUBLIC_URL"),
    "a loopback name for a reachable host": (
        {**HOSTED, "AJAR_PUBLIC_URL": "https://localhost"},
        "AJAR_PUBLIC_URL",
    ),
    "plain HTTP": ({**HOSTED, "AJAR_PUBLIC_URL": "http://ajar.example.org"}, "AJAR_PUBLIC_URL"),
    "plain HTTP in the house": (
        {"AJAR_HOST": "192.168.1.7", "AJAR_PUBLIC_URL": "http://192.168.1.7:8000"},
        "AJAR_PUBLIC_URL",
    ),
    "plain HTTP behind loopback": (
        {"AJAR_PUBLIC_URL": "http://ajar.example.org"},
        "AJAR_PUBLIC_URL",
    ),
    "nobody speaks HTTPS": ({**HOSTED, "AJAR_TRUSTED_PROXIES": ""}, "AJAR_TRUSTED_PROXIES"),
    "nobody hosts it": ({**HOSTED, "AJAR_OPERATOR": ""}, "AJAR_OPERATOR"),
    "spaces host it": ({**HOSTED, "AJAR_OPERATOR": "  "}, "AJAR_OPERATOR"),
    "nobody can be reached": ({**HOSTED, "AJAR_CONTACT": ""}, "AJAR_CONTACT"),
    "not confirmed": ({**HOSTED, "AJAR_NEITHER_PARTNER": ""}, "AJAR_NEITHER_PARTNER"),
    "half confirmed": ({**HOSTED, "AJAR_NEITHER_PARTNER": "true"}, "AJAR_NEITHER_PARTNER"),
    "both stores in one": (
        {"AJAR_DATABASE_URL": "sqlite:///x/a", "AJAR_ANSWER_KEYS_URL": "sqlite:///x/a"},
        "AJAR_ANSWER_KEYS_URL",
    ),
    "both stores in one on PostgreSQL": (
        {
            "AJAR_DATABASE_URL": "asyncpg://ajar:one@db/ajar",
            "AJAR_ANSWER_KEYS_URL": "asyncpg://keys:two@db:5432/ajar?ssl=1",
        },
        "AJAR_ANSWER_KEYS_URL",
    ),
    "both stores in one, spelled otherwise": (
        {"AJAR_DATABASE_URL": "sqlite:///x/a", "AJAR_ANSWER_KEYS_URL": "sqlite:///x/b/../a?y=1"},
        "AJAR_ANSWER_KEYS_URL",
    ),
    "a misspelled setting": ({"AJAR_ACESS_CODE": "x"}, "AJAR_ACESS_CODE"),
    "a certificate without a key": ({"AJAR_TLS_CERT": __file__}, "AJAR_TLS_KEY"),
    "a directory whose name ends an address": ({"AJAR_DATA": "/srv/ajar#1"}, "AJAR_DATA"),
    "a directory whose name asks": ({"AJAR_DATA": "/srv/ajar?"}, "AJAR_DATA"),
}
TRIALS: dict[str, dict[str, str]] = {
    "on every address": {"AJAR_HOST": "0.0.0.0"},  # noqa: S104
    "under a public name": {"AJAR_PUBLIC_URL": "https://ajar.example.org"},
    "hosted": HOSTED,
}


def test_the_defaults_are_a_server_for_this_machine_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert read({}) == Settings(
        host="127.0.0.1",
        port=8000,
        data=tmp_path / "data",
        database_url=f"sqlite://{tmp_path}/data/ajar.sqlite3",
        answer_keys_url=f"sqlite://{tmp_path}/data/answer-keys.sqlite3",
        public_url="http://localhost:8000",
        trusted_proxies=(),
        tls_cert=None,
        tls_key=None,
        operator=None,
        contact=None,
        access_code=None,
        min_interval=None,
        push_hosts=frozenset(),
        worker_embedded=True,
        rate_limits=True,
        metrics_port=9464,
        support_lines=None,
        leave_url=DEFAULT_LEAVE_URL,
        trial=False,
    )
    assert not list(tmp_path.iterdir())


def test_an_empty_setting_is_one_that_is_not_set() -> None:
    assert read(dict.fromkeys(SETTINGS, "")) == read({})
    assert read(dict.fromkeys(SETTINGS, "  ")) == read({})


def test_everything_else_in_the_environment_is_left_alone() -> None:
    assert read({"PATH": "/bin", "PORT": "1", "ajar_port": "x", "MY_AJAR_PORT": "x"}) == read({})


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in NONSENSE.items() for value in values]
)
def test_nonsense_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(Unsafe) as refused:
        read({name: value})
    assert_sentence(str(refused.value), name)


@pytest.mark.parametrize("what", UNSAFE)
def test_what_would_be_unsafe_is_refused_by_name(what: str) -> None:
    chosen, name = UNSAFE[what]
    with pytest.raises(Unsafe) as refused:
        read(chosen)
    assert_sentence(str(refused.value), name)


def assert_sentence(said: str, name: str) -> None:
    assert name in said
    assert said.endswith(".")
    assert "\n" not in said


@pytest.mark.parametrize("name", HOSTED)
def test_of_a_safe_hosted_server_nothing_can_be_left_out(name: str) -> None:
    assert read(HOSTED).secure
    if name != "AJAR_HOST":  # behind a tunnel on this machine, loopback is right
        with pytest.raises(Unsafe):
            read({key: value for key, value in HOSTED.items() if key != name})


@pytest.mark.parametrize("what", TRIALS)
def test_a_trial_never_leaves_this_machine(what: str) -> None:
    with pytest.raises(Unsafe) as refused:
        read(TRIALS[what], trial=True)
    assert "trial" in str(refused.value)


def test_a_trial_has_short_rounds_and_a_directory_of_its_own() -> None:
    trial = read({}, trial=True)
    assert (trial.min_interval, trial.data.name, trial.data.parent.name) == (60, "trial", "data")
    assert trial.data != read({}).data


def test_a_code_is_not_changed_by_reading_it() -> None:
    assert read({"AJAR_ACCESS_CODE": " Grüße, 7 "}).access_code == "Grüße, 7"


def test_hosts_are_compared_in_lower_case() -> None:
    assert read({"AJAR_PUSH_HOSTS": "Push.Example.org:8443, 127.0.0.1:9"}).push_hosts == {
        "push.example.org:8443",
        "127.0.0.1:9",
    }


STARTS = """
import json, os, sys
from ajar.__main__ import main
for chosen in json.load(sys.stdin):
    os.environ.clear()
    os.environ.update(chosen)
    print(main(["serve"]), flush=True)
"""


def refused_starts(data: Path, *further: dict[str, str]) -> list[str]:
    """What starts that must be refused say, one after the other, having served nothing."""
    result = subprocess.run(
        [sys.executable, "-c", STARTS],
        input=json.dumps([environment(data, free_port(), each) for each in further]),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (result.stdout, result.returncode) == ("2\n" * len(further), 0), result.stderr
    said = result.stderr.splitlines()
    assert len(said) == len(further), result.stderr
    assert all(each.startswith("Ajar does not start: ") for each in said), said
    return said


def test_a_refused_start_says_why_and_creates_nothing(tmp_path: Path) -> None:
    result = subprocess.run(
        [*COMMAND, "serve"],
        env=environment(tmp_path / "data", free_port(), {"AJAR_PUBLIC_URL": "http://["}),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (result.stdout, result.returncode) == ("", 2)
    assert_sentence(result.stderr.removesuffix("\n"), "AJAR_PUBLIC_URL")
    refused_starts(tmp_path / "data", *(chosen for chosen, _ in UNSAFE.values()))
    assert not list(tmp_path.iterdir())


def _a_file_in_its_place(data: Path) -> dict[str, str]:
    data.write_text("")
    return {}


def _a_readable_push_key(data: Path) -> dict[str, str]:
    data.mkdir()
    (data / "push-key.pem").write_text("not a key")
    (data / "push-key.pem").chmod(0o644)
    return {}


def _lines_that_are_none(data: Path) -> dict[str, str]:
    lines = data.parent / "lines.json"
    lines.write_text('{"checked": "2026-11-22", "lines": [{"name": 7}]}')
    return {"AJAR_SUPPORT_LINES": str(lines)}


def _no_directory_for_it(_: Path) -> dict[str, str]:
    return {"AJAR_DATABASE_URL": "sqlite:///nowhere/at/all.sqlite3"}


def _not_a_database(data: Path) -> dict[str, str]:
    data.mkdir()
    (data / "ajar.sqlite3").write_text("this is a letter and not a database " * 100)
    return {}


def _a_certificate_that_is_none(data: Path) -> dict[str, str]:
    certificate = data.parent / "certificate.pem"
    certificate.write_text("not a certificate")
    return {"AJAR_TLS_CERT": str(certificate), "AJAR_TLS_KEY": str(certificate)}


OBSTACLES: dict[str, tuple[Callable[[Path], dict[str, str]], str]] = {
    "a file where the directory should be": (_a_file_in_its_place, "AJAR_DATA"),
    "a push key that others can read": (_a_readable_push_key, "push-key.pem"),
    "help lines that are none": (_lines_that_are_none, "AJAR_SUPPORT_LINES"),
    "no directory for the database": (_no_directory_for_it, "AJAR_DATABASE_URL"),
    "not a database": (_not_a_database, "AJAR_DATABASE_URL"),
    "a certificate that is none": (_a_certificate_that_is_none, "AJAR_TLS_CERT"),
}


def test_an_obstacle_on_the_disk_is_said_in_a_sentence(tmp_path: Path) -> None:
    starts = []
    for number, (prepare, _) in enumerate(OBSTACLES.values()):
        above = tmp_path / str(number)
        above.mkdir()
        starts.append({"AJAR_DATA": str(above / "data"), **prepare(above / "data")})
    said = dict(zip(OBSTACLES, refused_starts(tmp_path, *starts), strict=True))
    for what, (_, named) in OBSTACLES.items():
        assert_sentence(said[what], named)


def test_a_safe_hosted_server_starts_and_a_second_one_says_that_its_port_is_taken(
    tmp_path: Path,
) -> None:
    hosted = {**HOSTED, "AJAR_HOST": "127.0.0.1"}
    with running(tmp_path / "one", hosted) as process:
        (said,) = refused_starts(tmp_path / "two", {"AJAR_PORT": str(process.port)})
        assert_sentence(said, "AJAR_PORT")
    assert process.output().startswith("Ajar is at https://ajar.example.org ")


def test_a_start_says_where_it_is_and_a_second_one_finds_what_the_first_made(
    tmp_path: Path,
) -> None:
    data = tmp_path / "a place with spaces, ümläuts & 100% more"
    keys = set()
    for _ in range(2):
        with running(data, {}) as process:
            pass
        assert process.output() == f"Ajar is at {process.url}  (Ctrl-C stops it)\n"
        keys.add((data / "push-key.pem").read_text())
    assert len(keys) == 1
    assert {path.name for path in data.iterdir() if path.stat().st_size} == {
        "ajar.sqlite3",
        "answer-keys.sqlite3",
        "push-key.pem",
    }
