"""The attack on the second promise, *blind server*: what a host can make of all that it gets.

`phones.py` runs the shipped app, `hearing.py` is what the host hears and finds in its files,
`lives.py` draws what people do, `features.py` turns all of it into numbers, `guessing.py` guesses.
"""
