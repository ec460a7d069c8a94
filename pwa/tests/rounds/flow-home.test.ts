import { beforeEach, describe, expect, test } from 'vitest';
import type { Result } from '../../src/api';
import type { Seat } from '../../src/keystore';
import { newHome, reduceHome, type Home, type HomeEvent, type HomeNews } from '../../src/rounds/flow-home';
import { askedOf, KEPT_AFTER } from '../../src/rounds/rules';
import type { View } from '../../src/wire';
import { noise, seatOf, viewOf } from '../stand-ins/pair';

const CLOSES = [1000, 2000, 3000];
const NO_PAIR: Result<View> = { kind: 'refused', code: 'no_pair', message: '' };
let seat: Seat;
beforeEach(async () => {
  seat = await seatOf('a', CLOSES);
});

/** Sends events one after the other; `now` in seconds. */
function after(now: number, ...events: (HomeEvent | HomeNews)[]): Home {
  return events.reduce((home: Home, event) => reduceHome(home, event, now * 1000).state, newHome);
}
const viewed = (result: Result<View> | Partial<View>, of: Seat | null = seat): HomeNews => ({
  type: 'viewed',
  result: 'kind' in result ? result : { kind: 'ok', value: viewOf(of ?? seat, result) },
  seat: of,
});
const resolved = (outcome: 'both' | 'quiet' | 'uncounted', looked = false) => ({ outcome, looked });

describe('while the run goes on', () => {
  test('home shows the round that closes next, and asks again shortly after it', () => {
    const step = reduceHome(newHome, viewed({ now: 500 }), 500_000);
    expect(step.state.shown).toMatchObject({
      kind: 'running',
      round: { round: 0, closesAt: 1000, lost: false },
      awaiting: null,
      closed: [],
      clock: null,
      contact: 'fresh',
    });
    expect(step.effects).toContainEqual({ type: 'wake', at: 1_002_500 });
    expect(step.effects.at(-1)?.type).toBe('settle');
  });

  test('a close is not yet an outcome: it is awaited, and asked for again after 1, 2, 4 … seconds, at most a minute', () => {
    let home = after(1001, viewed({ now: 1001 }));
    expect(home.shown).toMatchObject({ round: { round: 1 }, awaiting: { round: 0, closedAt: 1000 } });
    const pauses: number[] = [];
    for (let tries = 0; tries < 8; tries += 1) {
      home = reduceHome(home, { type: 'woken' }, 1_010_000).state;
      const step = reduceHome(home, viewed({ now: 1010 }), 1_010_000);
      home = step.state;
      for (const effect of step.effects) if (effect.type === 'wake') pauses.push((effect.at - 1_010_000) / 1000);
    }
    expect(pauses).toEqual([2, 4, 8, 16, 32, 60, 60, 60]);
  });

  test('a resolved round is shown closed, and not opened by itself', () => {
    const closed = {
      ...seat,
      outcomes: [resolved('quiet'), null, null],
      chain: { round: 1, key: '' },
      highestClosed: 0,
    };
    expect(after(1500, { type: 'seat', seat: closed }).shown).toMatchObject({
      round: { round: 1 },
      awaiting: null,
      closed: [{ round: 0, closedAt: 1000, outcome: 'quiet', looked: false }],
    });
  });

  test('a round that the server has closed is not offered, though this phone’s slow clock would', () => {
    const slow = { ...seat, highestClosed: 0 };
    const { shown } = after(400, viewed({ now: 1001, seals: [noise(), null, null] }, slow));
    expect(shown).toMatchObject({ round: { round: 1 }, awaiting: { round: 0 }, clock: -601 });
  });

  test('a lost answer is asked for again', () => {
    expect(after(500, viewed({ now: 500, lost: [0] })).shown).toMatchObject({ round: { round: 0, lost: true } });
    expect(after(500, viewed({ now: 500, lost: [1] })).shown).toMatchObject({ round: { round: 0, lost: false } });
  });

  test('a clock is shown from more than a minute on', () => {
    for (const [now, clock] of [
      [560, null],
      [561, 61],
      [440, null],
      [439, -61],
    ] as const) {
      expect(after(now, viewed({ now: 500 })).shown).toMatchObject({ clock });
    }
  });

  test('without a reply it shows what this phone knows, and says so', () => {
    const { shown } = after(500, { type: 'seat', seat }, viewed({ kind: 'unknown' }));
    expect(shown).toMatchObject({ kind: 'running', contact: 'unreachable', round: { round: 0 } });
    expect(after(500, { type: 'seat', seat }).shown).toMatchObject({ contact: 'fresh' });
  });

  test('the invitation can be shown until it expires', () => {
    const inviting = { ...seat, invitation: { link: 'x', expiresAt: 800 } };
    expect(after(799, { type: 'seat', seat: inviting }).shown).toMatchObject({ invitationUntil: 800 });
    expect(after(800, { type: 'seat', seat: inviting }).shown).toMatchObject({ invitationUntil: null });
  });

  test('the answer flow is given the round and how many remain', () => {
    const asked = { round: 1, closesAt: 2000, remaining: 2, lost: false };
    expect(askedOf(after(1500, viewed({ now: 1500 })))).toEqual(asked);
    expect(askedOf(after(3500, viewed({ now: 3500 })))).toBeNull();
    expect(askedOf(newHome)).toBeNull();
  });
});

describe('when the run is over', () => {
  const quiet = () => ({ ...seat, outcomes: [resolved('quiet'), resolved('quiet'), resolved('quiet')], chain: null });

  test('all rounds quiet', () => {
    const { shown } = after(3100, viewed({ now: 3100, ended: 'finished' }, { ...quiet(), ended: 'finished' }));
    expect(shown).toMatchObject({ kind: 'over', ended: 'finished', erasedAt: 3000 + KEPT_AFTER });
  });

  test('both open ends it at once, dated, and it expires with what the server keeps', () => {
    const both: Seat = { ...seat, outcomes: [null, resolved('both'), null], ended: 'finished' };
    const { shown } = after(2100, viewed({ now: 2100, ended: 'finished' }, both));
    expect(shown).toMatchObject({ kind: 'over', ended: 'both', erasedAt: 2000 + KEPT_AFTER });
  });

  test('the partner has decided', () => {
    const { shown } = after(1500, viewed({ now: 1500, ended: 'decided' }, { ...seat, ended: 'decided' }));
    expect(shown).toMatchObject({ kind: 'over', ended: 'decided' });
  });

  test('an end is not shown before the outcome that came with it is worked out', () => {
    const early = { ...seat, highestClosed: 0, ended: 'finished' as const };
    const { shown } = after(999, viewed({ now: 1001, ended: 'finished', seals: [noise(), null, null] }, early));
    expect(shown).toMatchObject({ kind: 'running', round: null, awaiting: { round: 0 } });
  });

  test('it is known without a connection', () => {
    expect(after(3100, { type: 'seat', seat: quiet() }).shown).toMatchObject({ kind: 'over', ended: 'finished' });
    expect(after(1500, { type: 'seat', seat: { ...seat, ended: 'decided' } }).shown).toMatchObject({ kind: 'over' });
  });
});

describe('what keeps an outcome from being shown is said, and never quiet', () => {
  test('a cookie without keys', () => {
    expect(after(500, viewed({ now: 500 }, null)).shown).toEqual({ kind: 'problem', problem: 'keys_missing' });
    const keyless = { ...seat, chain: null };
    expect(after(500, viewed({ now: 500 }, keyless)).shown).toEqual({ kind: 'problem', problem: 'keys_missing' });
    expect(after(500, { type: 'keyless' }).shown).toEqual({ kind: 'problem', problem: 'keys_missing' });
  });

  test('keys without a cookie, and whether the run may have been erased', () => {
    expect(after(500, viewed(NO_PAIR)).shown).toEqual({ kind: 'problem', problem: 'seat_missing' });
    const end = 3000 + KEPT_AFTER;
    expect(after(end - 1, viewed(NO_PAIR)).shown).toMatchObject({ problem: 'seat_missing' });
    expect(after(end, viewed(NO_PAIR)).shown).toMatchObject({ problem: 'erased' });
  });

  test('other closes, another side, another pair than this phone agreed to', () => {
    expect(after(500, viewed({ closes: [1000, 2000, 3001] })).shown).toMatchObject({ problem: 'closes_differ' });
    expect(after(500, viewed({ side: 'b' })).shown).toMatchObject({ problem: 'seat_differs' });
    expect(after(500, viewed({ pair_id: 'B'.repeat(22) })).shown).toMatchObject({ problem: 'seat_differs' });
  });

  test('of another pair’s view nothing is worked out', () => {
    expect(reduceHome(newHome, viewed({ side: 'b', seals: [noise(), null, null] }), 500_000).effects).toEqual([]);
  });

  test('no reply does not take a problem back; a good one does', () => {
    const problem = after(500, viewed({ side: 'b' }), viewed({ kind: 'unknown' }));
    expect(problem.shown).toMatchObject({ problem: 'seat_differs' });
    expect(after(500, viewed({ side: 'b' }), viewed({ now: 500 })).shown).toMatchObject({ kind: 'running' });
  });
});

test('no seat here and none there is welcome', () => {
  expect(after(500, { type: 'seat', seat: null }, viewed(NO_PAIR, null)).shown).toEqual({ kind: 'none' });
  expect(after(500, { type: 'seat', seat: null }, viewed({ kind: 'unknown' }, null)).shown).toEqual({ kind: 'none' });
});

test('what a person does becomes an effect', () => {
  const effects = (event: HomeEvent) => reduceHome(newHome, event, 0).effects;
  expect(effects({ type: 'refresh' })).toEqual([{ type: 'fetch' }]);
  expect(effects({ type: 'looked', round: 2 })).toEqual([{ type: 'looked', round: 2 }]);
  expect(effects({ type: 'clear' })).toEqual([{ type: 'erase' }]);
});
