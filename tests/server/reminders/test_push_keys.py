"""The server's push key: made once, readable by nobody else, and refused when it is not right."""

import multiprocessing
import os
import stat
from base64 import urlsafe_b64decode
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from ajar.reminders.push_keys import load_or_create

Private = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def _pem(key: Private, protection: KeySerializationEncryption | None = None) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection or NoEncryption())


def _private_file(path: Path, content: bytes) -> Path:
    path.touch(mode=0o600)
    path.write_bytes(content)
    return path


def test_a_first_start_makes_keys_and_the_next_one_finds_them(tmp_path: Path) -> None:
    path = tmp_path / "push.pem"
    first = load_or_create(path)
    assert load_or_create(path) == first
    assert path.read_bytes() == first.private_pem
    assert [file.name for file in tmp_path.iterdir()] == ["push.pem"]


def test_the_public_half_is_the_point_that_browsers_take(tmp_path: Path) -> None:
    keys = load_or_create(tmp_path / "push.pem")
    private = load_pem_private_key(keys.private_pem, password=None)
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    assert "=" not in keys.public_b64url
    assert urlsafe_b64decode(keys.public_b64url + "=") == point
    assert len(point) == 65


def test_the_private_half_is_not_printed_with_the_keys(tmp_path: Path) -> None:
    assert "PRIVATE" not in repr(load_or_create(tmp_path / "push.pem"))


def test_only_the_owner_can_read_the_file_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        load_or_create(tmp_path / "push.pem")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "push.pem").stat().st_mode) == 0o600


def test_the_file_is_never_open_to_others_even_while_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: list[int] = []

    def watched(step: Callable[..., object]) -> Callable[..., object]:
        def and_look(*arguments: object) -> object:
            modes.extend(stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir())
            return step(*arguments)

        return and_look

    for step in ("fdopen", "fsync", "link"):
        monkeypatch.setattr(os, step, watched(getattr(os, step)))
    before = os.umask(0)
    try:
        load_or_create(tmp_path / "push.pem")
    finally:
        os.umask(before)
    assert len(modes) >= 3
    assert set(modes) == {0o600}


def _start(path: Path, start: "multiprocessing.synchronize.Barrier") -> str:
    start.wait()
    return load_or_create(path).public_b64url


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, context.Pool(4) as pool:
        start = manager.Barrier(4)
        keys = pool.starmap(_start, [(tmp_path / "push.pem", start)] * 4)
    assert len(set(keys)) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["push.pem"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601, 0o644, 0o777])
def test_a_key_that_others_can_read_is_refused_with_the_cure(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "push.pem"
    load_or_create(path)
    path.chmod(mode)
    with pytest.raises(ValueError, match=r"Others can read .* chmod 600"):
        load_or_create(path)


BAD_FILES = {
    "empty": b"",
    "no PEM": b"a key",
    "cut short": _pem(ec.generate_private_key(ec.SECP256R1()))[:-60],
    "another curve": _pem(ec.generate_private_key(ec.SECP384R1())),
    "not an elliptic curve": _pem(rsa.generate_private_key(65537, 2048)),
    "encrypted": _pem(ec.generate_private_key(ec.SECP256R1()), BestAvailableEncryption(b"word")),
    "the public half": ec.generate_private_key(ec.SECP256R1())
    .public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_file_without_a_usable_key_is_refused_and_left_alone(tmp_path: Path, kind: str) -> None:
    path = _private_file(tmp_path / "push.pem", BAD_FILES[kind])
    with pytest.raises(ValueError, match=r"does not hold an unencrypted P-256 private key"):
        load_or_create(path)
    assert path.read_bytes() == BAD_FILES[kind]


def test_a_link_to_nowhere_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "push.pem").symlink_to(tmp_path / "elsewhere.pem")
    with pytest.raises(FileNotFoundError):
        load_or_create(tmp_path / "push.pem")
    assert not (tmp_path / "elsewhere.pem").exists()
