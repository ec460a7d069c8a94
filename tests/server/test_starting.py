"""A start that must not be says why, and makes nothing; one that may be says where it is."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.server.process import COMMAND, environment, free_port, running
from tests.server.test_settings import HOSTED, UNSAFE, assert_sentence

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
