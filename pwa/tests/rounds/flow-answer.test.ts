import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  reduceAnswer,
  type AnswerEffect,
  type AnswerEvent,
  type AnswerNews,
  type AnswerState,
  type Choice,
} from '../../src/rounds/flow-answer';

type Event = AnswerEvent | AnswerNews;

const asked = { round: 1, closesAt: 2000, remaining: 4, lost: false };
const nothing: AnswerState = { step: 'nothing' };

function run(events: readonly Event[], from: AnswerState = nothing) {
  const effects: AnswerEffect[] = [];
  let state = from;
  for (const event of events) {
    const step = reduceAnswer(state, event);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

const toChoice: Event[] = [{ type: 'open', stop: false }, { type: 'asked', asked, stop: false }, { type: 'rated' }];
const sending = (choice: Choice): Event[] => [...toChoice, { type: 'choose', choice }, { type: 'send' }];

test('rate, choose, send: the choice goes with the effect and stays nowhere', () => {
  const { state, effects } = run(sending('open'));
  expect(state).toEqual({ ...asked, step: 'sending', scope: 'round' });
  expect(effects).toEqual([
    { type: 'ask', stop: false },
    { type: 'send', round: 1, scope: 'round', choice: 'open' },
  ]);
});

test('nothing is chosen beforehand, and nothing is sent without a choice', () => {
  expect(run(toChoice).state).toMatchObject({ step: 'choose', choice: null, scope: 'round' });
  expect(run([...toChoice, { type: 'send' }])).toMatchObject({ state: { step: 'choose' }, effects: [{ type: 'ask' }] });
});

test('the rest of the run, either way, ends the reminders; one round does not', () => {
  for (const choice of ['open', 'closed'] as const) {
    const rest: Event[] = [...toChoice, { type: 'scope', scope: 'rest' }, { type: 'choose', choice }, { type: 'send' }];
    expect(run([...rest, { type: 'arrived' }]).effects.slice(1)).toEqual([
      { type: 'send', round: 1, scope: 'rest', choice },
      { type: 'silence' },
    ]);
    expect(run([...sending(choice), { type: 'arrived' }]).effects).toHaveLength(2);
  }
});

test('stop asking me is not this time for the whole rest, once confirmed', () => {
  const stop: Event[] = [
    { type: 'open', stop: true },
    { type: 'asked', asked, stop: true },
  ];
  expect(run(stop).state.step).toBe('stop');
  expect(run([...stop, { type: 'stop' }]).effects).toContainEqual({
    type: 'send',
    round: 1,
    scope: 'rest',
    choice: 'closed',
  });
});

test('back on the ruler the choice is forgotten, and so it is when the screen is left', () => {
  expect(run([...toChoice, { type: 'choose', choice: 'open' }, { type: 'back' }]).state).toEqual({
    ...asked,
    step: 'rate',
  });
  expect(run([...toChoice, { type: 'choose', choice: 'open' }, { type: 'left' }]).state).toEqual(nothing);
});

test('what is on its way is not lost by leaving the screen, and not sent twice', () => {
  const away = run([...sending('open'), { type: 'unknown' }, { type: 'left' }, { type: 'open', stop: false }]);
  expect(away.state).toEqual({ ...asked, step: 'unknown', scope: 'round' });
  expect(away.effects.filter(({ type }) => type === 'send')).toHaveLength(1);
  expect(run([...sending('open'), { type: 'send' }, { type: 'again' }, { type: 'stop' }]).effects).not.toContainEqual(
    expect.objectContaining({ type: 'silence' }),
  );
});

test('too late is told until it was read, then one is asked anew', () => {
  const late = run([...sending('open'), { type: 'late', why: 'closed', clock: -600 }, { type: 'open', stop: false }]);
  expect(late.state).toEqual({ ...asked, step: 'late', why: 'closed', clock: -600 });
  const next = { ...asked, round: 2, remaining: 3 };
  const again = run([{ type: 'again' }, { type: 'asked', asked: next, stop: false }], late.state);
  expect(again.state).toEqual({ ...next, step: 'rate' });
});

test('when no round can be answered, it says so', () => {
  expect(
    run([
      { type: 'open', stop: false },
      { type: 'asked', asked: null, stop: false },
    ]).state,
  ).toEqual(nothing);
});

describe('no receipt', () => {
  const events: fc.Arbitrary<Event> = fc.oneof(
    fc.constantFrom<Event>(
      { type: 'rated' },
      { type: 'back' },
      { type: 'send' },
      { type: 'stop' },
      { type: 'again' },
      { type: 'left' },
      { type: 'unknown' },
      { type: 'arrived' },
    ),
    fc.constantFrom<Event>({ type: 'scope', scope: 'rest' }, { type: 'scope', scope: 'round' }),
    fc.boolean().map((stop): Event => ({ type: 'open', stop })),
    fc.boolean().map((stop): Event => ({ type: 'asked', asked, stop })),
    fc.constantFrom<Event>({ type: 'late', why: 'closed', clock: null }, { type: 'refused', code: 'x' }),
  );
  /** A script of events in which each choice is left open. */
  const script = fc.array(
    fc.oneof({ weight: 4, arbitrary: events }, { weight: 1, arbitrary: fc.constant('choice' as const) }),
    {
      maxLength: 30,
    },
  );
  const fill = (given: readonly (Event | 'choice')[], choice: Choice) =>
    given.map((event): Event => (event === 'choice' ? { type: 'choose', choice } : event));

  test('whatever happens, from sending on the state is the same for open and closed', () => {
    fc.assert(
      fc.property(script, (given) => {
        let [open, closed]: [AnswerState, AnswerState] = [nothing, nothing];
        for (const [index, event] of fill(given, 'open').entries()) {
          open = reduceAnswer(open, event).state;
          closed = reduceAnswer(closed, fill(given, 'closed')[index]!).state;
          if (open.step === 'choose') continue;
          expect(open).toEqual(closed);
          expect(Object.keys(open)).not.toContain('choice');
        }
      }),
      { numRuns: 500 },
    );
  });

  test('and so is what is done, but for the one field of what is sent', () => {
    fc.assert(
      fc.property(script, (given) => {
        const blind = (effects: readonly AnswerEffect[]) => effects.map((effect) => ({ ...effect, choice: null }));
        expect(blind(run(fill(given, 'open')).effects)).toEqual(blind(run(fill(given, 'closed')).effects));
      }),
    );
  });
});
