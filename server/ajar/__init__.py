"""Ajar: two phones learn one bit. `docs/architecture.md` shows the way of an answer."""

__version__ = "0.1.0"
