"""The walls of docs/architecture.md stand, and each of them stops what it is there to stop."""

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SERVER = ROOT / "server" / "ajar"
BIN = Path(sys.executable).parent

# What the rules of a domain may not take from the standard library: they get `now` and values,
# and touch neither clock, chance, disk nor network.
IMPURE = frozenset(
    {"asyncio", "http", "io", "os", "pathlib", "random", "secrets", "shutil", "socket", "sqlite3"}
    | {"ssl", "subprocess", "sys", "tempfile", "threading", "time", "urllib.request"}
)
# Modules of our own that keep to the same rule, so rules may stand on them.
PURE = frozenset({"ajar.protocol"})


def lint_imports(directory: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """Run import-linter in `directory`, which holds server/ and pyproject.toml."""
    chosen = [word for contract in contracts for word in ("--contract", contract)]
    return subprocess.run(
        [BIN / "lint-imports", "--no-cache", "--no-logo", *chosen],
        cwd=directory,
        env={"PYTHONPATH": str(directory / "server"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copied_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    house = tmp_path_factory.mktemp("house")
    shutil.copytree(SERVER, house / "server" / "ajar", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", house)
    return house


def test_the_house_as_it_is_keeps_every_contract(copied_house: Path) -> None:
    result = lint_imports(copied_house)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("contract", "module", "bad_import"),
    [
        ("house", "protocol", "import ajar.wire"),
        ("house", "state", "import ajar.auth"),
        ("house", "auth", "import ajar.pairing.store"),
        ("house", "rounds/store", "import ajar.app"),
        ("house", "reminders/store", "import ajar.worker"),
        ("domains", "rounds/store", "import ajar.pairing.store"),
        ("domains", "pairing/routes", "import ajar.reminders.rules"),
        ("domains", "reminders/rules", "import ajar.rounds.rules"),
        ("ways", "pairing/rules", "import ajar.pairing.store"),
        ("ways", "rounds/store", "import ajar.rounds.routes"),
        ("ways", "reminders/push_hosts", "import ajar.reminders.webpush"),
        ("models", "pairing/routes", "import ajar.models"),
        ("models", "worker", "import ajar.answer_key_models"),
        ("outbound", "reminders/routes", "import ajar.reminders.webpush"),
        ("outbound", "rounds/closing", "import ajar.reminders.webpush"),
        ("worker", "worker", "import ajar.rounds.routes"),
    ],
)
def test_an_import_through_a_wall_is_stopped(
    copied_house: Path, contract: str, module: str, bad_import: str
) -> None:
    path = copied_house / "server" / "ajar" / f"{module}.py"
    sound = path.read_text()
    try:
        path.write_text(f"{sound}\n{bad_import}\n")
        result = lint_imports(copied_house, contract)
    finally:
        path.write_text(sound)
    assert result.returncode == 1, result.stdout + result.stderr
    assert bad_import.removeprefix("import ") in result.stdout


def test_a_module_that_has_no_place_in_its_domain_is_stopped(copied_house: Path) -> None:
    stray = copied_house / "server" / "ajar" / "rounds" / "helpers.py"
    try:
        stray.write_text("")
        result = lint_imports(copied_house, "ways")
    finally:
        stray.unlink()
    assert result.returncode == 1
    assert "helpers" in result.stdout


# Which files are a door to a power, and to which; for everybody else it is banned in
# pyproject.toml with a message that says where the door is.
DOORS = {
    "__main__.py": {"os.environ"},  # handed to settings.py unread
    "answer_key_models.py": {"tortoise"},
    "clock.py": {"time.time"},
    "database.py": {"asyncpg", "sqlite3", "tortoise"},
    "migrations": {"tortoise"},
    "models.py": {"tortoise"},
    "reminders/webpush.py": {"aiohttp", "webpush"},
    "sqlite_backend.py": {"sqlite3", "tortoise"},
}


def ruff(*arguments: str, source: str | None = None) -> subprocess.CompletedProcess[str]:
    """Look for banned names alone."""
    return subprocess.run(
        [BIN / "ruff", "check", "--no-cache", "--select", "TID251", *arguments],
        input=source,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_door_is_used_by_its_own_power_alone() -> None:
    found = ruff(
        *("--config", "lint.per-file-ignores = {}", "--ignore-noqa"),
        *("--output-format", "json", "server/ajar"),
    )
    doors: dict[str, set[str]] = {}
    for finding in json.loads(found.stdout):
        path = Path(finding["filename"]).relative_to(SERVER)
        room = "migrations" if path.parts[0] == "migrations" else str(path)
        doors.setdefault(room, set()).add(finding["message"].split("`")[1])
    assert doors == DOORS


@pytest.mark.parametrize(
    ("module", "source", "door"),
    [
        ("app", "import aiohttp", "reminders/webpush.py"),
        ("rounds/store", "import httpx", "reminders/webpush.py"),
        ("reminders/store", "from urllib.request import urlopen", "reminders/webpush.py"),
        ("worker", "from webpush import WebPush", "reminders/webpush.py"),
        ("rate_limits", "import os\nurl = os.environ['AJAR_DATABASE_URL']", "settings.py"),
        ("app", "import os\nport = os.getenv('AJAR_PORT')", "settings.py"),
        ("rounds/closing", "import time\nnow = time.time()", "clock.py"),
        ("wire", "from datetime import UTC, datetime\nnow = datetime.now(UTC)", "clock.py"),
        ("pairing/store", "import sqlite3", "Database"),
        ("rounds/closing", "import asyncpg", "Database"),
        ("auth", "from tortoise import Tortoise", "Database"),
    ],
)
def test_a_power_without_its_door_is_stopped_with_the_way_to_it(
    module: str, source: str, door: str
) -> None:
    result = ruff("--stdin-filename", f"server/ajar/{module}.py", "-", source=f"{source}\n")
    assert result.returncode == 1, result.stdout + result.stderr
    assert "TID251" in result.stdout
    assert door in result.stdout


def imported_by(source: str) -> set[str]:
    """Every module that `source` names in an import, `from a import b` as both `a` and `a.b`."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            names |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return names


def impurities(source: str) -> set[str]:
    """Which imports of `source` rules may not have."""
    return {
        name
        for name in imported_by(source)
        if name.split(".")[0] in IMPURE
        or name in IMPURE
        or not (
            name.split(".")[0] in sys.stdlib_module_names
            or name in PURE
            or name.rpartition(".")[0] in PURE
        )
    }


@pytest.mark.parametrize(
    "path",
    sorted(
        [*SERVER.glob("*/rules.py"), SERVER / "protocol.py", SERVER / "reminders/push_hosts.py"]
    ),
    ids=lambda path: str(path.relative_to(SERVER)),
)
def test_rules_use_the_standard_library_only_and_are_given_the_time(path: Path) -> None:
    assert impurities(path.read_text()) == set()


@pytest.mark.parametrize(
    "line",
    [
        "import time",
        "from time import time",
        "import pydantic",
        "import ajar.models",
        "from ajar import database",
        "from urllib.request import urlopen",
        "from . import store",
    ],
)
def test_what_rules_may_not_import_is_noticed(line: str) -> None:
    assert impurities(line)


def test_every_domain_has_rules_store_and_routes() -> None:
    for domain in ("pairing", "rounds", "reminders"):
        for room in ("rules", "store", "routes"):
            assert (SERVER / domain / f"{room}.py").is_file(), f"{domain}/{room}.py"
