"""Mutants: our own code with one promise broken on purpose, which the proof must catch.

A list per promise, in the module named after it; `tests/test_mutants.py` runs them.
"""
