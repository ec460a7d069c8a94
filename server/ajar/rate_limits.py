"""How much is too much: in memory, forgotten at a restart, holding no address.

A request with a seat counts for its device alone, so that nothing one partner does can slow the
other down, even behind one address. An address counts only creations, and the failed attempts of
browsers without a seat; a right attempt is never refused for the failed ones of a neighbour
(`docs/protocol.md`, section 5).
"""

import ipaddress
import secrets
from typing import Final

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from ajar.errors import too_many_requests
from ajar.protocol import hmac_sha256

SEAT_REQUESTS: Final = RateLimitItemPerMinute(240)
CREATIONS: Final = RateLimitItemPerHour(30)
FAILED_ATTEMPTS: Final = RateLimitItemPerHour(60)


class RateLimits:
    def __init__(self, *, on: bool) -> None:
        self._on = on
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._key = secrets.token_bytes(32)

    async def seat_request(self, device_id: str) -> None:
        await self._count(SEAT_REQUESTS, "seat", device_id)

    async def creation(self, address: str) -> None:
        await self._count(CREATIONS, "creation", self._blurred(address))

    async def failed_attempt(self, address: str, device_id: str | None = None) -> None:
        """Raises Refused 429 instead of the attempt's own error once there were too many.

        A browser with a seat counts for its device here too, so that a partner at the same
        address neither feels nor counts what it tried.
        """
        if device_id is not None:
            await self._count(FAILED_ATTEMPTS, "failed with a seat", device_id)
        else:
            await self._count(FAILED_ATTEMPTS, "failed", self._blurred(address))

    async def _count(self, limit: RateLimitItem, *who: str) -> None:
        if self._on and not await self._limiter.hit(limit, *who):
            raise too_many_requests(int(limit.get_expiry()))

    def _blurred(self, address: str) -> str:
        """A keyed hash of the address, or of its /56 for IPv6; the key dies with the process."""
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return "unknown"
        bits = 32 if parsed.version == 4 else 56
        network = ipaddress.ip_network(f"{parsed}/{bits}", strict=False)
        return hmac_sha256(self._key, str(network).encode()).hex()
