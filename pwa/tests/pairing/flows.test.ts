/** The pure flows of inviting, joining and leaving. */

import { describe, expect, test } from 'vitest';
import { encode } from '../../src/crypto/encoding';
import {
  newInvite,
  reduceInvite,
  type Invite,
  type InviteEvent,
  type InviteForm,
  type InviteNews,
} from '../../src/pairing/flow-invite';
import { newJoin, reduceJoin, type JoinEvent, type JoinNews, type JoinState } from '../../src/pairing/flow-join';
import { newLeave, reduceLeave, type LeaveEvent, type LeaveNews, type LeaveState } from '../../src/pairing/flow-leave';
import type { Config } from '../../src/wire';

const NOW = Date.UTC(2027, 0, 5, 12);
const config = { access_code: false, min_interval: 3600, trial: false } as Config;
const CODE = encode(new Uint8Array(16).fill(5));

describe('inviting', () => {
  const open = (change: Partial<Extract<InviteNews, { type: 'open' }>> = {}): InviteNews => ({
    type: 'open',
    config,
    zone: 'Europe/Berlin',
    ready: null,
    seated: false,
    ...change,
  });
  function run(events: readonly (InviteEvent | InviteNews)[], from: Invite = newInvite) {
    return events.reduce(
      (step, event) => reduceInvite(step.state, event, NOW),
      reduceInvite(from, { type: 'edit', change: {} }, NOW),
    );
  }
  const edit = (change: Partial<InviteForm>): InviteEvent => ({ type: 'edit', change });
  const ready = { link: 'l', expiresAt: 1, closes: [2], wording: 'marriage' } as const;

  test('the form proposes five weekly evenings from three days ahead', () => {
    expect(run([open()]).state.shown).toMatchObject({
      step: 'form',
      form: { date: '2027-01-08', time: '20:00', zone: 'Europe/Berlin', rounds: 5, every: 'week', minutes: null },
      problem: null,
      needsCode: false,
      allowsMinutes: false,
      lead: 3600,
      closes: [8, 15, 22, 29, 36].map((day) => Date.UTC(2027, 0, day, 19) / 1000),
    });
  });

  test.each<[Partial<InviteForm>, string | null]>([
    [{ date: '2027-01-05', time: '13:59' }, 'too_soon'],
    [{ date: '2027-01-05', time: '14:00' }, null],
    [{ date: '' }, 'date'],
    [{ zone: 'Mars/Olympus' }, 'date'],
    [{ rounds: 13 }, 'rounds'],
    [{ rounds: 12, every: 'fortnight' }, null],
  ])('%j: %s', (change, problem) => {
    expect(run([open(), edit(change)]).state.shown).toMatchObject({ step: 'form', problem });
  });

  test('nothing is created while there is a problem', () => {
    const step = run([open(), edit({ date: '' }), { type: 'create' }]);
    expect(step).toMatchObject({ state: { shown: { step: 'form', problem: 'date' } }, effects: [] });
  });

  test('time that passes while the form is open counts', () => {
    const { state } = run([open(), edit({ date: '2027-01-05', time: '14:00' })]);
    const later = reduceInvite(state, { type: 'create' }, NOW + 1000);
    expect(later).toMatchObject({ state: { shown: { problem: 'too_soon' } }, effects: [] });
  });

  test('creating asks for what the form says', () => {
    const step = run([open(), edit({ rounds: 1, wording: 'marriage' }), { type: 'create' }]);
    expect(step.state.shown).toEqual({ step: 'creating' });
    const closes = [Date.UTC(2027, 0, 8, 19) / 1000];
    expect(step.effects).toEqual([{ type: 'create', closes, wording: 'marriage', accessCode: null }]);
  });

  test('an access code is asked for where the server wants one', () => {
    const guarded = open({ config: { ...config, access_code: true } });
    expect(run([guarded]).state.shown).toMatchObject({ needsCode: true, problem: 'access_code' });
    const step = run([guarded, edit({ accessCode: ' sesame ' }), { type: 'create' }]);
    expect(step.effects).toMatchObject([{ accessCode: 'sesame' }]);
  });

  test('minutes apart only where the server allows them, and not below what it allows', () => {
    const trial = open({ config: { ...config, min_interval: 60 } });
    expect(run([trial]).state.shown).toMatchObject({ allowsMinutes: true, lead: 60 });
    const minutes = (first: number, every: number) => run([trial, edit({ minutes: { first, every } })]).state.shown;
    expect(minutes(2, 1)).toMatchObject({ problem: null });
    expect(minutes(0.5, 1)).toMatchObject({ problem: 'minutes' });
    expect(minutes(2, 0)).toMatchObject({ problem: 'minutes' });
  });

  test('a trial starts with rounds minutes apart', () => {
    const trial = run([open({ config: { ...config, min_interval: 60, trial: true } })]).state.shown;
    expect(trial).toMatchObject({ form: { minutes: { first: 2, every: 2 } }, problem: null });
  });

  test('a refusal loses nothing of what was typed', () => {
    const refused = run([open(), edit({ rounds: 3 }), { type: 'create' }, { type: 'refused', code: 'access_code' }]);
    expect(refused.state.shown).toEqual({ step: 'refused', code: 'access_code' });
    const again = reduceInvite(refused.state, { type: 'again' }, NOW);
    expect(again.state.shown).toMatchObject({ step: 'form', form: { rounds: 3 } });
  });

  test('while it is not known whether it was created, opening the screen again asks nothing anew', () => {
    for (const waiting of [
      [{ type: 'create' }],
      [{ type: 'create' }, { type: 'unknown' }],
      [{ type: 'resumed' }],
    ] as const) {
      const before = run([open(), ...waiting]).state;
      expect(run([open()], before).state).toEqual(before);
    }
  });

  test('an invitation that stands is shown; one that has expired is said to have', () => {
    expect(run([open({ ready, seated: true })]).state.shown).toEqual({ step: 'ready', ...ready });
    expect(run([open({ seated: true })]).state.shown).toEqual({ step: 'expired' });
    const created = run([open(), { type: 'create' }, { type: 'created', ready }]).state;
    expect(created).toEqual({ shown: { step: 'ready', ...ready }, form: null });
  });
});

describe('joining', () => {
  function run(events: readonly (JoinEvent | JoinNews)[], from: JoinState = newJoin) {
    return events.reduce((step, event) => reduceJoin(step.state, event), {
      state: from,
      effects: [],
    } as ReturnType<typeof reduceJoin>);
  }
  const invitation = { closes: [1, 2], wording: 'marriage', expires_at: 9 } as const;
  const found: JoinNews = { type: 'found', invitation: { ...invitation, closes: [1, 2] } };
  const read: JoinEvent = { type: 'read', text: `look: https://x.example/#join=${CODE}` };

  test('what was pasted is looked up, offered and joined with what was offered', () => {
    expect(run([read])).toEqual({ state: { step: 'looking', code: CODE }, effects: [{ type: 'look', code: CODE }] });
    const offered = run([read, found]);
    expect(offered.state).toEqual({ step: 'offered', code: CODE, closes: [1, 2], wording: 'marriage', expiresAt: 9 });
    expect(run([{ type: 'join' }], offered.state)).toEqual({
      state: { step: 'joining' },
      effects: [{ type: 'join', code: CODE, closes: [1, 2], wording: 'marriage', expiresAt: 9 }],
    });
  });

  test('what is no invitation asks the server nothing', () => {
    expect(run([{ type: 'read', text: 'hello' }])).toEqual({
      state: { step: 'paste', problem: 'not_an_invitation' },
      effects: [],
    });
  });

  test('without a connection the same invitation is asked for again', () => {
    const unreachable = run([read, { type: 'unreachable' }]);
    expect(unreachable.state).toEqual({ step: 'unreachable', code: CODE });
    expect(run([{ type: 'again' }], unreachable.state).effects).toEqual([{ type: 'look', code: CODE }]);
  });

  test('refusals each have a place, and the invitation does not stay in any', () => {
    const refused = (code: string) => run([read, found, { type: 'join' }, { type: 'refused', code }]).state;
    expect(refused('invitation_gone')).toEqual({ step: 'gone' });
    expect(refused('has_seat')).toEqual({ step: 'has_seat' });
    expect(refused('too_many_requests')).toEqual({ step: 'refused', code: 'too_many_requests' });
    expect(run([{ type: 'again' }], refused('invitation_gone')).state).toEqual(newJoin);
  });

  test('while it is not known whether it joined, nothing else is read or joined', () => {
    const waiting = run([read, found, { type: 'join' }, { type: 'unknown' }]).state;
    const poked = run([read, { type: 'join' }, { type: 'again' }, { type: 'open', seated: false }], waiting);
    expect(poked).toEqual({ state: { step: 'unknown' }, effects: [] });
    expect(run([{ type: 'joined' }], waiting).state).toEqual({ step: 'joined' });
  });

  test('an invitation that came with the address waits behind the safety page', () => {
    const offered = run([read, found]).state;
    expect(run([{ type: 'open', seated: false }], offered).state).toEqual(offered);
    expect(run([{ type: 'open', seated: true }]).state).toEqual({ step: 'has_seat' });
  });
});

describe('leaving', () => {
  function run(events: readonly (LeaveEvent | LeaveNews)[], from: LeaveState = newLeave) {
    return events.reduce((step, event) => reduceLeave(step.state, event), {
      state: from,
      effects: [],
    } as ReturnType<typeof reduceLeave>);
  }

  const running = { over: false, next: 1_797_300_000 };

  test.each(['quiet', 'tell'] as const)('%s: chosen, confirmed, done', (way) => {
    const confirm = run([
      { type: 'open', ...running },
      { type: 'choose', way },
    ]);
    expect(confirm).toEqual({ state: { ...running, step: 'confirm', way }, effects: [] });
    const sending = run([{ type: 'confirm' }], confirm.state);
    expect(sending).toEqual({ state: { ...running, step: 'sending', way }, effects: [{ type: 'leave', way }] });
    expect(run([{ type: 'unknown' }], sending.state).state).toEqual({ ...running, step: 'unknown', way });
    expect(run([{ type: 'unknown' }, { type: 'left' }], sending.state).state).toEqual({
      ...running,
      step: 'done',
      way,
    });
  });

  test('once the run is over there is nobody left to tell: only clearing is offered', () => {
    const over = { over: true, next: null };
    const events: (LeaveEvent | LeaveNews)[] = [
      { type: 'open', ...over },
      { type: 'choose', way: 'tell' },
      { type: 'confirm' },
    ];
    expect(run(events)).toEqual({
      state: { ...over, step: 'sending', way: 'quiet' },
      effects: [{ type: 'leave', way: 'quiet' }],
    });
  });

  test('nothing leaves without being confirmed, and what is on its way is not changed', () => {
    expect(run([{ type: 'confirm' }]).effects).toEqual([]);
    expect(run([{ type: 'choose', way: 'tell' }, { type: 'back' }, { type: 'confirm' }]).effects).toEqual([]);
    const unknown: LeaveState = { ...running, step: 'unknown', way: 'quiet' };
    const poked = run(
      [
        { type: 'choose', way: 'tell' },
        { type: 'back' },
        { type: 'confirm' },
        { type: 'open', over: true, next: null },
      ],
      unknown,
    );
    expect(poked).toEqual({ state: unknown, effects: [] });
  });
});
