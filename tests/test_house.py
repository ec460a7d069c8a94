"""What the README, the example settings and the scripts say is so."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from ajar.settings import SETTINGS

ROOT = Path(__file__).parent.parent
SCRIPTS = ("serve", "test", "check", "bench")

# Not settings of the server: the browser that the tests drive, and where the app's proof leaves
# its figures (scripts/test).
OF_THE_TESTS = {"AJAR_CHROMIUM", "AJAR_PROOF"}


# What people read or run that names settings and scripts.
TEXTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "scripts/*", "deploy/*")
    for path in ROOT.glob(pattern)
) + [ROOT / name for name in (".env.example", "Dockerfile", "docker-compose.yml")]


def test_every_setting_is_in_the_example_once_and_nothing_else_is() -> None:
    example = (ROOT / ".env.example").read_text()
    named = re.findall(r"^#?(AJAR_\w+)=", example, re.MULTILINE)
    assert sorted(named) == sorted(SETTINGS)


def test_the_example_sets_nothing_by_itself() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_names_a_setting_or_a_script_that_does_not_exist(path: Path) -> None:
    text = path.read_text()
    assert set(re.findall(r"\bAJAR_[A-Z_]+\b", text)) <= set(SETTINGS) | OF_THE_TESTS
    assert set(re.findall(r"\bscripts/([a-z]+)\b", text)) <= set(SCRIPTS)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_can_be_run_and_says_at_its_head_what_it_does(name: str) -> None:
    script = ROOT / "scripts" / name
    assert os.access(script, os.X_OK)
    head = script.read_text().splitlines()[:8]
    assert any(f"scripts/{name}" in line for line in head)


@pytest.mark.parametrize(
    "path", ["scripts/_environment", "scripts/serve", "scripts/test", ".ci/run"]
)
def test_a_shell_script_is_sound(path: str) -> None:
    subprocess.run(["bash", "-n", ROOT / path], check=True)


def test_ci_runs_what_a_developer_runs_and_nothing_else() -> None:
    commands = [
        line
        for line in (ROOT / ".ci" / "run").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert len(commands) == 1
    assert commands[0].startswith("exec ")
    assert commands[0].endswith('/scripts/test"')


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["test", "-k"], "scripts/test -k wants a word."),
        (["check", "--mend"], "scripts/check knows --fix and nothing else."),
    ],
)
def test_a_script_that_is_misused_says_how_it_is_used(command: list[str], sentence: str) -> None:
    name, *arguments = command
    result = subprocess.run(
        [ROOT / "scripts" / name, *arguments], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stderr) == (1, f"{sentence}\n")


def bare_machine(tmp_path: Path, python: str) -> dict[str, str]:
    """An environment whose only python3 is the shell script `python`, without uv, apt or sudo."""
    commands = tmp_path / "bin"
    commands.mkdir()
    for name in ("bash", "cat", "dirname", "env", "find", "flock", "id", "mkdir", "sha256sum"):
        (commands / name).symlink_to(f"/usr/bin/{name}")
    for name in ("sort", "xargs"):
        (commands / name).symlink_to(f"/usr/bin/{name}")
    (commands / "python3").write_text(f"#!/bin/bash\n{python}\n")
    (commands / "python3").chmod(0o755)
    return {"PATH": str(commands), "HOME": str(tmp_path)}


@pytest.mark.parametrize(
    ("python", "sentence"),
    [
        ("exit 1", "Ajar needs Python 3.11 or newer as python3."),
        ('[[ "$2" != *ensurepip* ]]', "sudo apt-get install python3-venv"),
    ],
)
def test_a_machine_that_lacks_something_is_told_what(
    tmp_path: Path, python: str, sentence: str
) -> None:
    checkout = tmp_path / "a checkout"
    (checkout / "scripts").mkdir(parents=True)
    (checkout / "pwa").mkdir()
    for name in ("_environment", "serve"):
        (checkout / "scripts" / name).write_text((ROOT / "scripts" / name).read_text())
        (checkout / "scripts" / name).chmod(0o755)
    for name in ("pyproject.toml", "uv.lock"):
        (checkout / name).write_text((ROOT / name).read_text())
    result = subprocess.run(
        [checkout / "scripts" / "serve"],
        env=bare_machine(tmp_path, python),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert sentence in result.stderr
