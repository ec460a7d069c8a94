"""Reminders: the promises of their instants and of what stays behind, each broken on purpose."""

from typing import Final

from tests.mutants.mutant import Mutant

INSTANTS: Final = "pwa/src/reminders/instants.ts"
WHEN: Final = "pwa/tests/reminders/instants.proof.test.ts"
RUN: Final = "pwa/tests/reminders/run.test.ts"

MUTANTS: Final = [
    Mutant(
        name="a reminder that falls into the quiet hours waits for their end",
        promise="Clocks",
        file=INSTANTS,
        before="[outOf(quiet, instant, -60)]",
        after="[outOf(quiet, instant, 60)]",
        caught_by=(WHEN, "-t", "never later"),
    ),
    Mutant(
        name="quiet hours end at midnight",
        promise="Clocks",
        file=INSTANTS,
        before="(seconds - secondsOf(clock) + DAY) % DAY",
        after="seconds - secondsOf(clock)",
        caught_by=(WHEN, "-t", "never in the quiet hours"),
    ),
    Mutant(
        name="a reminder the day after the last close, when the run is over",
        promise="Clocks",
        file=INSTANTS,
        before="closes.slice(0, -1).filter(",
        after="closes.filter(",
        caught_by=(WHEN, "-t", "but not of the last"),
    ),
    Mutant(
        name="an app that is not opened is reminded to the end of the run",
        promise="Clocks",
        file=INSTANTS,
        before="closes.filter(isOpen).slice(0, AHEAD)",
        after="closes.filter(isOpen)",
        caught_by=(WHEN, "-t", "no more than four closes ahead"),
    ),
    Mutant(
        name="off waits for the server",
        promise="Once",
        file="pwa/src/reminders/run.ts",
        before="answered.\n  await unsubscribe();",
        after="answered.\n",
        caught_by=(RUN, "-t", "off is off at once here"),
    ),
    Mutant(
        name="a subscription that stays tells that the rest of the run is answered",
        promise="No receipt",
        file="pwa/src/reminders/run.ts",
        before="answered.\n  await unsubscribe();",
        after="answered.\n  if (forget) await unsubscribe();",
        caught_by=(RUN, "-t", "after answering for the rest"),
    ),
    Mutant(
        name="where there were no reminders, their end is kept while the server cannot be told",
        promise="No receipt",
        file="pwa/src/reminders/run.ts",
        before="if (before !== null) await keep({ on: false, when: before.when, settled: false });",
        after="await keep({ on: false, when: newReminders.preference.when, settled: false });",
        caught_by=(RUN, "-t", "nothing is kept of their end"),
    ),
    Mutant(
        name="the words of a reminder outlive the seat",
        promise="No receipt",
        file="pwa/src/pairing/run.ts",
        before="reminders: null, notification: null }",
        after="reminders: null }",
        caught_by=("pwa/tests/pairing/run.test.ts", "-t", "leaving"),
    ),
]
