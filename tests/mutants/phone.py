"""The phone's share of two promises, broken: a receipt left behind, a yes that nobody gave."""

from typing import Final

from tests.mutants.mutant import Mutant
from tests.proof import Promise

LIAR: Final = ("pwa/tests/rounds/hostile-server.proof.test.ts",)
OUTLIVED: Final = "pwa/tests/rounds/lies-outlived.proof.test.ts"
RECEIPT: Final = ("pwa/tests/rounds/no-receipt.proof.test.tsx", "-t", "after sending, everything")
FORGED: Final[Promise] = "No forged yes"
READ_BACK: Final[Promise] = "No receipt"

ANSWER: Final = "pwa/src/rounds/run-answer.ts"
SETTLE: Final = "pwa/src/rounds/settle.ts"
RULES: Final = "pwa/src/rounds/rules.ts"
FORMULAS: Final = "pwa/src/crypto/protocol.ts"

MUTANTS: list[Mutant] = [
    Mutant(
        "an answer whose reply was lost overrules what was said later",
        FORGED,
        ANSWER,
        "isBehind(last) && !uncertain",
        "isBehind(last)",
        ("pwa/tests/rounds/run-answer.test.ts", "-t", "is not overruled"),
    ),
    Mutant(
        "what was said later is overruled without a word",
        FORGED,
        ANSWER,
        "told ? TOO_FAR : STEP_AHEAD",
        "TOO_FAR",
        ("pwa/tests/rounds/run-answer.test.ts", "-t", "what was said later stands"),
    ),
    Mutant(
        "the screen's state keeps the choice after sending",
        READ_BACK,
        "pwa/src/rounds/flow-answer.ts",
        "state: { ...asked(state), step: 'sending', scope }, effects",
        "state: { ...asked(state), step: 'sending', scope, choice } as AnswerState, effects",
        RECEIPT,
    ),
    Mutant(
        "the choice is written to storage",
        READ_BACK,
        ANSWER,
        "  const news = await deliver(effect",
        "  await (await import('../keystore')).change(() => ({ language: effect.choice }));\n"
        "  const news = await deliver(effect",
        RECEIPT,
    ),
    Mutant(
        "that something was sent is written to storage",
        READ_BACK,
        ANSWER,
        "  const news = await deliver(effect",
        "  await (await import('../keystore')).change(() => ({ language: 'sent' }));\n"
        "  const news = await deliver(effect",
        RECEIPT,
    ),
    Mutant(
        "the browser may remember what is picked",
        READ_BACK,
        "pwa/src/ui/form.tsx",
        '              autocomplete="off"\n',
        "",
        ("pwa/tests/rounds/no-receipt.proof.test.tsx", "-t", "no browser is asked to remember"),
    ),
    Mutant(
        "forward leads back into answering",
        READ_BACK,
        "pwa/src/app/navigation.ts",
        "if (answering !== -1) stack.length = answering;",
        "void answering;",
        ("pwa/tests/app/navigation.test.ts", "-t", "forward never leads back"),
    ),
    Mutant(
        "a phone takes its own seal for the other's",
        FORGED,
        FORMULAS,
        "await sealOf(rk, side === 'a' ? 'b' : 'a', round)",
        "await sealOf(rk, side, round)",
        LIAR,
    ),
    Mutant(
        "any seal is both open",
        FORGED,
        FORMULAS,
        "return equal(seal, await",
        "return seal.length === 32 || equal(seal, await",
        LIAR,
    ),
    Mutant(
        "a seal says nothing of its side",
        FORGED,
        FORMULAS,
        "label('seal', ascii(side), u32(round))",
        "label('seal', u32(round))",
        ("pwa/tests/crypto/vectors.test.ts",),
    ),
    Mutant(
        "a seal says nothing of its round",
        FORGED,
        FORMULAS,
        "label('seal', ascii(side), u32(round))",
        "label('seal', ascii(side))",
        ("pwa/tests/crypto/vectors.test.ts",),
    ),
    Mutant(
        "a seal is believed before this phone's own close",
        FORGED,
        SETTLE,
        " || (seat.closes[round] ?? Infinity) * 1000 > now",
        "",
        LIAR,
    ),
    Mutant(
        "a misspelled seal is quiet",
        FORGED,
        SETTLE,
        "const seal = decode(view.seals[round] ?? '', 32);",
        "const seal = view.seals[round] ? (decode(view.seals[round], 32) ?? new Uint8Array(32))"
        " : null;",
        LIAR,
    ),
    Mutant(
        "the key of a match is erased",
        FORGED,
        SETTLE,
        "looked: false }), chain: after }",
        "looked: false }), chain: outcome === 'both' ? null : after }",
        LIAR,
    ),
    Mutant(
        "a key is kept after its outcome",
        FORGED,
        SETTLE,
        "looked: false }), chain: after }",
        "looked: false }) }",
        LIAR,
    ),
    Mutant(
        "a view settles whichever seat is there",
        FORGED,
        "pwa/src/rounds/run-home.ts",
        "if (seat !== null && seat.pairId === effect.view.pair_id)",
        "if (seat !== null)",
        (OUTLIVED, "-t", "a view of a seat that was given up"),
    ),
    Mutant(
        "an answer leaves after this phone's own close",
        FORGED,
        ANSWER,
        "now() < (seat.closes[round] ?? 0) * 1000 && round",
        "round",
        LIAR,
    ),
    Mutant(
        "a round seen closed is answered",
        FORGED,
        ANSWER,
        " && round > (kept('seat')?.highestClosed ?? -1)",
        "",
        LIAR,
    ),
    Mutant(
        "what is said while sending is not looked at",
        FORGED,
        ANSWER,
        "  if (problem !== null) return { kind: 'refused', code: problem, message: '' };\n",
        "",
        (OUTLIVED, "-t", "only while an answer is about to be sent"),
    ),
    Mutant(
        "other closing instants are no problem",
        FORGED,
        RULES,
        "return view.closes.join() === seat.closes.join() ? null : 'closes_differ';",
        "return null;",
        LIAR,
    ),
    Mutant(
        "another pair's view, or the other side's, is no problem",
        FORGED,
        RULES,
        "if (view.pair_id !== seat.pairId || view.side !== seat.side) return 'seat_differs';",
        "",
        LIAR,
    ),
    Mutant(
        "a problem is forgotten when storage is read",
        FORGED,
        "pwa/src/rounds/flow-home.ts",
        "home.shown.kind === 'problem' && event.seat !== null &&",
        "event.seat === undefined &&",
        LIAR,
    ),
    Mutant(
        "n stays behind once a server's clock was ahead",
        "Clocks",
        ANSWER,
        "told = isBehind(reply);",
        "told = false;",
        (OUTLIVED, "-t", "answers count as soon as it is right"),
    ),
]
