/** What the reminders' flow decides, event by event. */

import { describe, expect, test } from 'vitest';
import {
  newReminders,
  reduceReminders,
  type RemindersEvent,
  type RemindersNews,
  type RemindersState,
  type When,
  type Words,
} from '../../src/reminders/flow';

const hours: When = { before: { kind: 'hours', hours: 3 }, after: null, quiet: null };
const evening: When = { before: { kind: 'day', days: 1, at: '19:30' }, after: '09:00', quiet: null };
const plants: Words = { choice: 'own', sound: false, title: 'Plants', body: 'Water them.' };

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
    words: null,
    rounds: { closes: [], closed: 0 },
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

  test('the evening before is what is proposed', () => {
    expect(newReminders.preference).toEqual({
      on: false,
      when: { before: { kind: 'day', days: 1, at: '19:00' }, after: null, quiet: null },
    });
  });

  test.each(['denied', 'default'] as const)(
    'permission taken back (%s) is a no, and the server is told',
    (permission) => {
      const preference = { on: true, when: hours };
      const step = run([open({ preference, permission })]);
      expect(step).toMatchObject({
        state: { status: 'saving', preference: { on: false, when: hours }, next: [] },
        effects: [{ type: 'turn_off', forget: true }],
      });
      const told = run([{ type: 'saved', next: [] }], step.state).state;
      expect(told.status).toBe(permission === 'denied' ? 'denied' : 'off');
    },
  );

  test('a browser that may not show any says so, whatever was asked for', () => {
    expect(run([open({ permission: 'denied' })])).toMatchObject({ state: { status: 'denied' }, effects: [] });
  });

  test('a browser that lost its push tells the server and keeps the times for a calendar', () => {
    const step = run([open({ preference: { on: true, when: hours }, support: 'no_push' })]);
    expect(step).toMatchObject({
      state: { preference: { on: false, when: hours } },
      effects: [{ type: 'turn_off', forget: true }],
    });
  });

  test('words are kept as they are chosen, whether or not reminders are on', () => {
    const step = run([open(), { type: 'words', words: plants }]);
    expect(step).toMatchObject({ state: { words: plants, status: 'off' } });
    expect(step.effects).toEqual([{ type: 'keep_words', words: plants }]);
    expect(run([open({ words: plants })]).state.words).toEqual(plants);
  });

  test('one to look at, and a calendar file, leave reminders as they are', () => {
    const on = run([open(), { type: 'on', when: hours }, { type: 'saved', next: [1] }]).state;
    const looked = run([{ type: 'show', words: plants }], on);
    expect(looked.effects).toEqual([{ type: 'show', words: plants }]);
    expect(run([{ type: 'shown', shown: true }], looked.state).state).toEqual({ ...on, shown: true });
    const file = run([{ type: 'calendar', when: evening, words: plants }], on);
    expect(file.effects).toEqual([{ type: 'calendar', when: evening, words: plants }]);
    const made = run([{ type: 'file', entries: 4 }], file.state).state;
    expect(made).toEqual({ ...on, entries: 4 });
    expect(run([open()], made).state).toMatchObject({ shown: null, entries: null });
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
    for (const permission of ['denied', 'default'] as const) {
      expect(run([{ type: 'not_allowed', permission }], on).state).toMatchObject({
        status: permission === 'denied' ? 'denied' : 'off',
        preference: { on: false },
      });
    }
    for (const before of [true, false]) {
      expect(run([{ type: 'refused', on: before }], on).state).toMatchObject({
        status: 'refused',
        preference: { on: before },
      });
    }
    const unknown = run([{ type: 'unknown' }], on).state;
    expect(unknown.status).toBe('unknown');
    expect(run([open({ words: plants })], unknown)).toMatchObject({
      state: { status: 'unknown', words: plants },
      effects: [],
    });
  });
});
