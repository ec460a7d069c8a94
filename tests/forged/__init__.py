"""No forged yes (`docs/protocol.md`, section 2, 3): a hostile phone's game, and values that must be
refused. The hostile server is on the phone's side: `pwa/tests/rounds`, `tests/e2e`.
"""
