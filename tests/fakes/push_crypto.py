"""The receiving end of web push, written from the RFCs and not from the sender's code.

What a browser does with a message (RFC 8188, RFC 8291), and what a push service does with the
Authorization header (RFC 8292). Both are strict, and say what they don't like.
"""

import json
import os
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class NotAccepted(Exception):
    """A push service or browser would not take this; the message says why."""


def base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Strict: no padding, no other alphabet. NotAccepted else."""
    try:
        return b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise NotAccepted(f"not base64url: {text!r}") from error


@dataclass(frozen=True)
class Receiver:
    """The keys that a browser makes for one subscription, private half included."""

    private: ec.EllipticCurvePrivateKey
    auth: bytes

    @staticmethod
    def fresh() -> "Receiver":
        return Receiver(ec.generate_private_key(ec.SECP256R1()), os.urandom(16))

    @property
    def p256dh(self) -> bytes:
        return _point(self.private.public_key())

    def decrypt(self, body: bytes) -> bytes:
        """The message in a request's body, without the record's padding."""
        salt, record_size, id_size = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, record = body[21 : 21 + id_size], body[21 + id_size :]
        if id_size != 65:
            raise NotAccepted("the key id is not a P-256 point")
        if not 18 <= len(record) <= record_size:
            raise NotAccepted("a push message is exactly one record")
        secret = self.private.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        )
        ikm = _hkdf(secret, self.auth, b"WebPush: info\0" + self.p256dh + sender, 32)
        key = _hkdf(ikm, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _hkdf(ikm, salt, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        if not padded.endswith(b"\x02"):
            raise NotAccepted("the last record does not end with its delimiter")
        return padded[:-1]


@dataclass(frozen=True)
class Token:
    """What an accepted Authorization header said. `key` is the application server's point."""

    key: bytes
    audience: str
    expires: int
    subject: str


def check_authorization(header: str, origin: str, now: float) -> Token:
    """Reads and verifies a `vapid` Authorization header. NotAccepted as a push service would."""
    scheme, _, rest = header.partition(" ")
    parameters = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    if scheme.lower() != "vapid" or set(parameters) != {"t", "k"}:
        raise NotAccepted("not a vapid Authorization header")
    key = from_base64url(parameters["k"])
    head, claims, signature = parameters["t"].split(".")
    if json.loads(from_base64url(head)) != {"alg": "ES256", "typ": "JWT"}:
        raise NotAccepted("not an ES256 token")
    _verify(key, f"{head}.{claims}".encode(), from_base64url(signature))
    said = json.loads(from_base64url(claims))
    token = Token(key, said["aud"], said["exp"], said["sub"])
    if token.audience != origin:
        raise NotAccepted(f"the token is for {token.audience}, not for {origin}")
    if not now < token.expires <= now + 86_400:
        raise NotAccepted("the token is over, or lasts longer than a day")
    if not token.subject.startswith(("mailto:", "https:")):
        raise NotAccepted("the subject is no contact")
    return token


def _verify(key: bytes, signed: bytes, signature: bytes) -> None:
    if len(signature) != 64:
        raise NotAccepted("an ES256 signature has 64 bytes")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
    try:
        public.verify(encode_dss_signature(r, s), signed, ec.ECDSA(SHA256()))
    except InvalidSignature as error:
        raise NotAccepted("the token's signature is wrong") from error


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _hkdf(ikm: bytes, salt: bytes, info: bytes, size: int) -> bytes:
    return HKDF(SHA256(), size, salt, info).derive(ikm)
