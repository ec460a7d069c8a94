"""One bit (`docs/protocol.md`, section 2, 1 and 5), as an attack.

Two worlds run side by side: the same server code on two databases, the same clock, the same
chance. Alice does the same in both; Bob lives two different lives, alike only in the outcomes they
lead to and in whether he told her. If any byte that reaches Alice's side ever differs, something
of Bob's life has crossed.
"""
