"""Erased (`docs/protocol.md`, section 2, 6): the pair's own key holder searches every file."""
