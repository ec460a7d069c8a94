import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  newReminders,
  reduceReminders,
  type RemindersEvent,
  type RemindersNews,
  type RemindersState,
  type When,
} from '../../src/reminders/flow';
import { instantsOf } from '../../src/reminders/instants';

const hours: When = { kind: 'hours', hours: 3 };
const evening: When = { kind: 'evening', at: '19:30' };

describe('instants', () => {
  afterEach(() => vi.unstubAllEnvs());

  test('so many hours before each of the next four closes', () => {
    const closes = [1, 2, 3, 4, 5, 6].map((week) => week * 604_800);
    expect(instantsOf(hours, closes, 0)).toEqual(closes.slice(0, 4).map((close) => close - 10_800));
  });

  test('the evening before, by this phone’s own clocks', () => {
    vi.stubEnv('TZ', 'Europe/Berlin');
    const closes = ['2027-03-27T19:00:00Z', '2027-04-03T18:00:00Z'].map((text) => Date.parse(text) / 1000);
    const evenings = ['2027-03-26T18:30:00Z', '2027-04-02T17:30:00Z'].map((text) => Date.parse(text) / 1000);
    expect(instantsOf(evening, closes, 0)).toEqual(evenings);
    vi.stubEnv('TZ', 'Pacific/Auckland');
    // There it is the 28th, eight in the morning: the evening before is the 27th.
    expect(instantsOf(evening, closes.slice(0, 1), 0)).toEqual([Date.parse('2027-03-27T06:30:00Z') / 1000]);
  });

  test('none in the past, none for a close that has passed, at most four, whole seconds, ascending', () => {
    const when = fc.oneof(
      fc.integer({ min: 1, max: 72 }).map((n): When => ({ kind: 'hours', hours: n })),
      fc.constant<When>(evening),
    );
    const closes = fc.array(fc.integer({ min: 3600, max: 14 * 86_400 }), { maxLength: 12 }).map((gaps) => {
      let close = 1_800_000_000;
      return gaps.map((gap) => (close += gap));
    });
    fc.assert(
      fc.property(when, closes, fc.integer({ min: 0, max: 1e7 }), (wish, given, later) => {
        const now = (1_800_000_000 + later) * 1000;
        const instants = instantsOf(wish, given, now);
        expect(instants.length).toBeLessThanOrEqual(4);
        expect(instants).toEqual(instants.toSorted((a, b) => a - b));
        for (const instant of instants) {
          expect(Number.isInteger(instant)).toBe(true);
          expect(instant * 1000).toBeGreaterThan(now);
        }
      }),
    );
  });
});

describe('the flow', () => {
  function run(events: readonly (RemindersEvent | RemindersNews)[], from: RemindersState = newReminders) {
    return events.reduce((step, event) => reduceReminders(step.state, event), {
      state: from,
      effects: [],
    } as ReturnType<typeof reduceReminders>);
  }
  const open = (change: Partial<Extract<RemindersNews, { type: 'open' }>> = {}): RemindersNews => ({
    type: 'open',
    support: 'supported',
    permission: 'granted',
    preference: null,
    settled: true,
    next: [],
    ...change,
  });

  test('are off until someone turns them on', () => {
    expect(run([open()])).toMatchObject({ state: { status: 'off', preference: { on: false } }, effects: [] });
    const on = run([open(), { type: 'on', when: evening }]);
    expect(on.state).toMatchObject({ status: 'saving', preference: { on: true, when: evening } });
    expect(on.effects).toEqual([{ type: 'turn_on', when: evening }]);
    expect(run([{ type: 'saved', next: [5] }], on.state).state).toMatchObject({ status: 'on', next: [5] });
  });

  test('are renewed whenever the app is opened', () => {
    const renewed = run([open({ preference: { on: true, when: hours }, next: [7] })]);
    expect(renewed).toMatchObject({
      state: { status: 'saving', next: [7] },
      effects: [{ type: 'turn_on', when: hours }],
    });
  });

  test('what the server did not confirm is sent again at the next start', () => {
    const off = run([open({ preference: { on: false, when: hours }, settled: false })]);
    expect(off.effects).toEqual([{ type: 'turn_off', forget: true }]);
  });

  test('without permission nobody is asked without a tap', () => {
    const preference = { on: true, when: hours };
    expect(run([open({ preference, permission: 'default' })])).toMatchObject({ state: { status: 'off' }, effects: [] });
    expect(run([open({ preference, permission: 'denied' })])).toMatchObject({
      state: { status: 'denied' },
      effects: [],
    });
  });

  test.each(['not_installed', 'no_push'] as const)('%s: nothing can be turned on, and why is known', (support) => {
    const step = run([open({ support }), { type: 'on', when: hours }]);
    expect(step).toMatchObject({ state: { support, status: 'off' }, effects: [] });
  });

  test('off forgets the subscription; after answering for the rest only the reminders end', () => {
    const on = run([open(), { type: 'on', when: hours }, { type: 'saved', next: [1] }]).state;
    expect(run([{ type: 'off' }], on).effects).toEqual([{ type: 'turn_off', forget: true }]);
    expect(run([{ type: 'silence' }], on)).toMatchObject({
      state: { status: 'saving', preference: { on: false, when: hours }, next: [] },
      effects: [{ type: 'turn_off', forget: false }],
    });
    expect(run([{ type: 'silence' }, { type: 'saved', next: [] }], on).state.status).toBe('off');
  });

  test('no, no reply, no service: each is said', () => {
    const on = run([open(), { type: 'on', when: hours }]).state;
    for (const type of ['denied', 'unknown', 'refused'] as const) expect(run([{ type }], on).state.status).toBe(type);
    expect(run([open()], run([{ type: 'unknown' }], on).state)).toMatchObject({
      state: { status: 'unknown' },
      effects: [],
    });
  });
});
