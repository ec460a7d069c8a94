/**
 * Clocks: a phone whose own clock is wrong, by up to a day and two hours either way and changing as it likes, misses no
 * outcome, shows none that is not true, changes none, and answers no round that has closed by anybody's clock.
 */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { change, openKeystore, type Seat } from '../../src/keystore';
import { answerable } from '../../src/rounds/rules';
import { settle } from '../../src/rounds/settle';
import type { View } from '../../src/wire';
import { LONGEST, many, says } from '../proof';
import { openPage } from '../stand-ins/page';
import { noise, seal, seatOf, viewOf } from '../stand-ins/pair';

const HOUR = 3600;
const DAY = 24 * HOUR;
const FIRST = 1_800_000_000;
const ROUNDS = 4;
const CLOSES = Array.from({ length: ROUNDS }, (_, round) => FIRST + round * DAY);
/** As far as two phones on this Earth can be apart, and then some that are simply wrong. */
const wrongBy = fc.oneof(
  fc.constantFrom(0, 1, -1, HOUR, -HOUR, 26 * HOUR, -26 * HOUR, 365 * DAY, -365 * DAY),
  fc.integer({ min: -26 * HOUR, max: 26 * HOUR }),
);

/** True time passes; the phone's clock is set wrong by so much; it looks at its view, or not. */
interface Step {
  pass: number;
  wrong: number;
  looks: boolean;
}
const steps = fc.array(
  fc.record({ pass: fc.constantFrom(1, HOUR, DAY - 1, DAY, 2 * DAY), wrong: wrongBy, looks: fc.boolean() }),
  { minLength: 1, maxLength: 10 },
);
/** The round that is both open, or none; what the server hands over for the others is noise. */
const matchedIn = fc.option(fc.nat(ROUNDS - 1));

interface Server {
  handed: string[];
  matched: number | null;
}

/** What the server shows at a true instant. */
function viewAt(seat: Seat, { handed, matched }: Server, now: number): View {
  const last = matched ?? ROUNDS - 1;
  const seals = CLOSES.map((close, round) => (close <= now && round <= last ? handed[round]! : null));
  return viewOf(seat, { seals, ended: seals[last] === null ? null : 'finished', now });
}

const outcomes = (seat: Seat) => seat.outcomes.map((resolved) => resolved?.outcome ?? null);

/** What must be so after every look, and what may not change from one to the next. */
function check(before: Seat, seat: Seat, view: View, own: number, matched: number | null) {
  outcomes(seat).forEach((outcome, round) => {
    const earlier = outcomes(before)[round];
    if (earlier !== null) expect(outcome, 'an outcome changed').toBe(earlier);
    if (outcome === null) return;
    expect(view.seals[round] !== null || earlier !== null).toBe(true);
    expect(outcome).toBe(round === matched ? 'both' : 'quiet');
  });
  const open = outcomes(seat).indexOf(null);
  if (open !== -1 && !outcomes(seat).includes('both')) expect(seat.chain?.round, 'a key is gone').toBe(open);
  const may = answerable(seat, own * 1000);
  if (may !== null) {
    expect(own).toBeLessThan(CLOSES[may]!);
    expect(view.seals[may]).toBeNull();
  }
}

test(
  'whatever its own clock shows, a phone comes to every true outcome and to no other',
  async () => {
    let plays = 0;
    let looks = 0;
    const play = async (matched: number | null, script: Step[]) => {
      openPage('http://localhost');
      await openKeystore();
      let seat = await seatOf('a', CLOSES);
      await change(() => ({ seat }));
      const handed = await Promise.all(
        CLOSES.map((_, round) => (round === matched ? seal('b', CLOSES, round) : Promise.resolve(noise()))),
      );
      let now = FIRST - 2 * DAY;
      const look = async (wrong: number) => {
        const view = viewAt(seat, { handed, matched }, now);
        const after = (await settle(seat, view, (now + wrong) * 1000))!;
        check(seat, after, view, now + wrong, matched);
        seat = after;
        looks += 1;
      };
      for (const step of script) {
        now += step.pass;
        if (step.looks) await look(step.wrong);
      }
      now = CLOSES[ROUNDS - 1]!;
      await look(0);
      const expected = CLOSES.map((_, round) => {
        if (round === matched) return 'both';
        return matched !== null && round > matched ? null : 'quiet';
      });
      expect(outcomes(seat)).toEqual(expected);
      plays += 1;
    };
    await fc.assert(fc.asyncProperty(matchedIn, steps, play), { numRuns: many(60, 3000) });
    says('Clocks', `${plays} runs on a phone whose clock is wrong, ${looks} looks: every outcome true, none missed`);
  },
  LONGEST,
);
