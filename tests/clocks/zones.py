"""Closing instants and reminders by Python's own time zones: an independent reading of what the
phone's TypeScript works out with `Intl`.

`python -m tests.clocks.zones` writes `tests/vectors/clocks.json`, which holds both to one another.
"""

import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

FILE: Final = Path(__file__).parents[1] / "vectors" / "clocks.json"
# Of years that are over: a time zone database may change its mind about those to come.
YEARS: Final = (2023, 2024, 2025)
ZONES: Final = (
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/St_Johns",
    "Australia/Sydney",
    "Australia/Lord_Howe",  # half an hour of daylight saving
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Antarctica/Troll",  # two hours of it
    "Pacific/Kiritimati",  # UTC+14
    "Pacific/Pago_Pago",  # UTC-11, 25 hours behind
    "Asia/Kathmandu",
    "UTC",
)
IN_OTHER_YEARS: Final = {
    "Pacific/Apia": (2011,),  # no 30 December
    "America/Santiago": (2022, 2024),
    "America/Sao_Paulo": (2018,),  # changes at midnight
    "Africa/Cairo": (2024,),
    "Africa/Casablanca": (2024,),  # twice more, around Ramadan
}
TIMES: Final = ("20:00", "00:00", "00:30", "01:45", "02:00", "02:30", "03:00", "12:00", "23:59")
EVENINGS: Final = ("19:30", "20:00", "02:30", "00:15", "23:59")


def instant(day: date, clock: str, zone: str) -> int:
    """UTC seconds. A time shown twice is the first; one that is skipped, as long after."""
    wall = datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone))
    return int(wall.timestamp())


def closes_of(start: date, clock: str, zone: str, rounds: int, days: int) -> list[int]:
    return [instant(start + timedelta(days * index), clock, zone) for index in range(rounds)]


def evening_before(close: int, clock: str, zone: str) -> int:
    day = datetime.fromtimestamp(close, ZoneInfo(zone)).date() - timedelta(1)
    return instant(day, clock, zone)


def changes(zone: str, year: int) -> Iterator[date]:
    """The local days around which the clocks of a zone change."""
    there = ZoneInfo(zone)
    day = datetime(year, 1, 1, tzinfo=UTC)
    while day.year == year:
        following = day + timedelta(1)
        if day.astimezone(there).utcoffset() != following.astimezone(there).utcoffset():
            yield following.astimezone(there).date()
        day = following


def cases() -> list[dict[str, Any]]:
    chance = random.Random(1)  # noqa: S311
    made: list[dict[str, Any]] = []
    years = dict.fromkeys(ZONES, YEARS) | IN_OTHER_YEARS
    for zone, of_zone in years.items():
        starts = [date(year, 12, 31) - timedelta(7) for year in of_zone]
        starts += [date(year, 2, 29) for year in of_zone if year % 4 == 0]
        for changed in (day for year in of_zone for day in changes(zone, year)):
            starts += [changed - timedelta(days) for days in (15, 14, 8, 7, 1, 0)]
        for start in starts:
            clock, days = chance.choice(TIMES), chance.choice([7, 14])
            closes = closes_of(start, clock, zone, 4, days)
            elsewhere = chance.choice([zone, zone, "Pacific/Kiritimati", "Pacific/Pago_Pago"])
            evening = chance.choice(EVENINGS)
            made.append(
                {
                    "zone": zone,
                    "date": start.isoformat(),
                    "time": clock,
                    "days": days,
                    "closes": closes,
                    "phone": elsewhere,
                    "evening": evening,
                    "reminders": [evening_before(close, evening, elsewhere) for close in closes],
                }
            )
    return made


def text() -> str:
    lines = ",\n".join("  " + json.dumps(case) for case in cases())
    return f'{{\n "protocol": "ajar/1",\n "cases": [\n{lines}\n ]\n}}\n'


if __name__ == "__main__":
    FILE.write_text(text())
