"""The server's own key pair for web push (VAPID, RFC 8292), made at the first start.

A browser ties its subscription to the public half, so losing the file silences every reminder
until each phone has opened the app again. The private half can send to every subscription: it
never leaves its file, which only the server's own user may read. When the key is changed
(`rotate`) the one before stays beside it, for the phones that have not opened the app since.
"""

import contextlib
import hashlib
import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

# Seconds. A token ends at the end of the period after the one it is made in, so it is good for 6
# to 12 hours (Apple refuses more than a day), and says nothing of when it was first needed.
TOKEN_PERIOD: Final = 21_600
TOKENS_KEPT: Final = 1_000


@dataclass(frozen=True)
class PushKeys:
    """`private_pem`: PKCS 8, P-256. `public_b64url`: the uncompressed point, 65 bytes, as unpadded
    base64url; this is `push_key` of `GET /api/config` (`docs/protocol.md`, section 5)."""

    private_pem: bytes = field(repr=False)
    public_b64url: str

    @property
    def name(self) -> str:
        """Says which key it is, in a file's name and in the database."""
        return hashlib.sha256(self.public_b64url.encode()).hexdigest()[:16]


def load_or_create(path: Path) -> PushKeys:
    """The keys kept at `path`, made there with mode 0600 if there are none.

    Several processes may start at once: all get the same keys. ValueError, with a sentence for
    the operator, if others can read the file or it holds anything but one P-256 private key;
    OSError as the file system gives it.
    """
    if not os.path.lexists(path):
        _create(path)
    return _load(path)


def load_old(path: Path) -> tuple[PushKeys, ...]:
    """The keys that `rotate` has kept beside `path`, the newest first. Raises as above."""
    kept = path.parent.glob(f"{path.stem}-old-*.pem")
    return tuple(map(_load, sorted(kept, key=lambda file: file.stat().st_mtime, reverse=True)))


def rotate(path: Path) -> PushKeys:
    """New keys at `path`; those that were there are kept beside it. Raises as above.

    Killed at any point it leaves a current key, and has lost none that a phone may know.
    """
    before = load_or_create(path)
    with contextlib.suppress(FileExistsError):  # killed here once already
        os.link(path, path.with_name(f"{path.stem}-old-{before.name}.pem"))
    _sync_directory(path.parent)
    _draft(path).replace(path)
    _sync_directory(path.parent)
    return _load(path)


def _draft(path: Path) -> Path:
    """A file with a new key, beside where it is to go."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    # The mode is given at creation, so there is no moment at which others could open the file.
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        draft.unlink()
        raise
    return draft


def _create(path: Path) -> None:
    draft = _draft(path)
    try:
        try:
            # Unlike a rename, a link never replaces what another process has just put there.
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()
    _sync_directory(path.parent)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _load(path: Path) -> PushKeys:
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        pem = file.read(16 * 1024)
    if mode & 0o077:
        raise ValueError(
            f"Others can read the push key in {path}. Run: chmod 600 {path}, "
            "or delete it to have a new one made (every phone then subscribes anew)."
        )
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ValueError(_not_a_key(path)) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError(_not_a_key(path))
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return PushKeys(pem, urlsafe_b64encode(point).rstrip(b"=").decode())


def _not_a_key(path: Path) -> str:
    return (
        f"{path} does not hold an unencrypted P-256 private key in PEM form. Put the right file "
        "back, or delete it to have a new one made (every phone then subscribes anew)."
    )


class Tokens:
    """Stands in the place of the `webpush` package's `VAPID`, which parses the key and signs anew
    for every message and leaves the port out of `aud` (RFC 8292, section 2)."""

    def __init__(
        self,
        private: ec.EllipticCurvePrivateKey,
        public_b64url: str,
        subject: str,
        clock: Callable[[], float],
    ) -> None:
        self._private = private
        self._public = public_b64url
        self._subject = subject
        self._clock = clock
        self._kept: dict[tuple[str, int], str] = {}

    def get_authorization_header(self, endpoint: object, subscriber: str, expiration: int) -> str:
        """`endpoint` is an origin here; the other two are the package's and not needed."""
        origin = str(endpoint).rstrip("/")
        period = int(self._clock()) // TOKEN_PERIOD
        header = self._kept.get((origin, period))
        if header is None:
            if len(self._kept) >= TOKENS_KEPT:
                self._kept.clear()
            claims = {"aud": origin, "exp": (period + 2) * TOKEN_PERIOD, "sub": self._subject}
            token = jwt.encode(claims, self._private, algorithm="ES256")
            header = self._kept[origin, period] = f"vapid t={token}, k={self._public}"
        return header
