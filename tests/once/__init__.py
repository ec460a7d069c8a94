"""Once (`docs/protocol.md`, section 2, 7): processes that are killed, race, repeat and delay.

`crashing` and `crash_*` kill at every statement; `crowd*` has many processes at one database.
"""
