"""Settings: sound defaults, and a sentence that names the setting for whatever is not sound."""

from pathlib import Path

import pytest

from ajar.settings import DEFAULT_LEAVE_URL, SETTINGS, Settings, Unsafe, read

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
