/**
 * The instants of reminders, in every zone and around every change of its clocks: at the hour that was chosen, never
 * after the close they are about, never in the quiet hours, never more than four closes ahead.
 */

import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Before, When } from '../../src/reminders/flow';
import { instantsOf } from '../../src/reminders/instants';
import { LONGEST, many, says } from '../proof';

const HOUR = 3600;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const at = (text: string) => Date.parse(text) / 1000;
const utc = (instants: number[]) => instants.map((instant) => new Date(instant * 1000).toISOString());

const evening: Before = { kind: 'day', days: 1, at: '19:00' };
const when = (change: Partial<When> = {}): When => ({ before: evening, after: null, quiet: null, ...change });
const hours = (n: number): Before => ({ kind: 'hours', hours: n });

afterEach(() => vi.unstubAllEnvs());

describe('in Berlin, where the clocks go forward on 28 March 2027', () => {
  const closes = [0, 1, 2, 3, 4, 5].map((week) => at('2027-03-27T19:00:00Z') + week * WEEK);
  const ahead = { closes, closed: 0 };
  const now = at('2027-03-20T00:00:00Z') * 1000;
  const first = (plan: When) => utc(instantsOf(plan, ahead, now))[0];

  test('the evening before each of the next four closes, at the same hour of the wall clock', () => {
    vi.stubEnv('TZ', 'Europe/Berlin');
    expect(utc(instantsOf(when(), ahead, now))).toEqual([
      '2027-03-26T18:00:00.000Z',
      '2027-04-02T17:00:00.000Z',
      '2027-04-09T17:00:00.000Z',
      '2027-04-16T17:00:00.000Z',
    ]);
  });

  test('on the day itself, or two days before', () => {
    vi.stubEnv('TZ', 'Europe/Berlin');
    expect(first(when({ before: { kind: 'day', days: 0, at: '18:30' } }))).toBe('2027-03-27T17:30:00.000Z');
    expect(first(when({ before: { kind: 'day', days: 2, at: '08:00' } }))).toBe('2027-03-25T07:00:00.000Z');
    // After the close there is nothing to be reminded of.
    expect(instantsOf(when({ before: { kind: 'day', days: 0, at: '23:00' } }), ahead, now)).toEqual([]);
  });

  test('once more the day after, also of a close that was seen, but not of the last', () => {
    vi.stubEnv('TZ', 'Europe/Berlin');
    const after = when({ after: '09:00' });
    const two = { closes: closes.slice(0, 2), closed: 0 };
    expect(utc(instantsOf(after, two, now))).toEqual([
      '2027-03-26T18:00:00.000Z',
      '2027-03-28T07:00:00.000Z',
      '2027-04-02T17:00:00.000Z',
    ]);
    const seen = { closes: two.closes, closed: 1 };
    expect(utc(instantsOf(after, seen, closes[0]! * 1000))[0]).toBe('2027-03-28T07:00:00.000Z');
  });

  test('quiet hours: what comes before moves to their beginning, what comes after to their end', () => {
    vi.stubEnv('TZ', 'Europe/Berlin');
    const quiet = { from: '18:00', to: '10:30' };
    expect(utc(instantsOf(when({ quiet, after: '09:00' }), ahead, now)).slice(0, 2)).toEqual([
      '2027-03-26T17:00:00.000Z',
      '2027-03-28T08:30:00.000Z',
    ]);
    // Their beginning and their end are not in them.
    for (const edge of [
      { from: '19:00', to: '20:00' },
      { from: '08:00', to: '19:00' },
      { from: '19:00', to: '19:00' },
    ])
      expect(first(when({ quiet: edge }))).toBe('2027-03-26T18:00:00.000Z');
  });
});

test('closes minutes apart, as in a trial: none twice, never more than the server takes', () => {
  const closes = Array.from({ length: 12 }, (_, round) => 1_800_000_000 + round * 120);
  const instants = instantsOf(when({ before: hours(1), after: '09:00' }), { closes, closed: 0 }, 1_799_000_000_000);
  expect(instants.length).toBe(5);
  expect(new Set(instants).size).toBe(5);
});

const minutes = fc.nat(24 * 60 - 1);
const clock = minutes.map((m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`);
const rule: fc.Arbitrary<Before> = fc.oneof(
  fc.integer({ min: 1, max: 72 }).map(hours),
  fc.tuple(fc.constantFrom<0 | 1 | 2>(0, 1, 2), clock).map(([days, hour]): Before => ({ kind: 'day', days, at: hour })),
);
const plan: fc.Arbitrary<When> = fc.record({
  before: rule,
  after: fc.option(clock),
  quiet: fc.option(fc.record({ from: clock, to: clock })),
});
/** Any second of 27 years, then gaps as a server takes them or as a trial makes them. */
const rounds = fc
  .tuple(
    fc.integer({ min: at('2010-01-01T00:00:00Z'), max: at('2037-01-01T00:00:00Z') }),
    fc.array(fc.oneof(fc.integer({ min: 60, max: DAY }), fc.constantFrom(WEEK, 2 * WEEK)), { maxLength: 11 }),
    fc.nat(12),
  )
  .map(([start, gaps, closed]) => {
    let close = start;
    const closes = [start, ...gaps.map((gap) => (close += gap))];
    return { closes, closed: Math.min(closed, closes.length) };
  });
const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));

const formats = new Map<string, Intl.DateTimeFormat>();

/** Seconds of the day that the clocks of `zone` show: read by Intl, where the app asks Date. */
function wall(instant: number, zone: string): number {
  const fields = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23', timeZone: zone } as const;
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('en', fields);
  formats.set(zone, format);
  const parts = Object.fromEntries(format.formatToParts(instant * 1000).map(({ type, value }) => [type, +value]));
  return parts['hour']! * HOUR + parts['minute']! * 60 + parts['second']!;
}
const seconds = (hour: string) => Number(hour.slice(0, 2)) * HOUR + Number(hour.slice(3)) * 60;

/** Whether `second` of a day lies strictly between two hours that may have midnight between them. */
function between(second: number, { from, to }: { from: string; to: string }): boolean {
  const [start, end] = [seconds(from), seconds(to)];
  return start <= end ? start < second && second < end : second > start || second < end;
}

test(
  'never in the quiet hours, never past, never twice, in order, and no more than four closes ahead',
  () => {
    let tried = 0;
    fc.assert(
      fc.property(zones, plan, rounds, fc.integer({ min: -WEEK, max: 9 * WEEK }), (zone, wish, run, since) => {
        vi.stubEnv('TZ', zone);
        const now = (run.closes[0]! + since) * 1000;
        const instants = instantsOf(wish, run, now);
        expect(instants).toEqual([...new Set(instants)].toSorted((a, b) => a - b));
        expect(instants.length).toBeLessThanOrEqual(16);
        const open = run.closes.filter((close, round) => round >= run.closed && close * 1000 > now);
        for (const instant of instants) {
          expect(Number.isInteger(instant)).toBe(true);
          expect(instant * 1000).toBeGreaterThan(now);
          expect(instant).toBeLessThanOrEqual((open[3] ?? run.closes.at(-1)!) + 3 * DAY);
          if (wish.quiet !== null) expect(between(wall(instant, zone), wish.quiet), `${zone} ${instant}`).toBe(false);
        }
        tried += 1;
      }),
      { numRuns: many(150, 6000) },
    );
    says('Clocks', `${tried} plans of reminders in any time zone: none in its quiet hours, none past, none twice`);
  },
  LONGEST,
);

test(
  'before its close, at the hour chosen or at the beginning of the quiet: never later',
  () => {
    let tried = 0;
    fc.assert(
      fc.property(zones, rule, plan, rounds, (zone, before, { quiet }, { closes }) => {
        vi.stubEnv('TZ', zone);
        const [close] = closes as [number];
        const free = instantsOf({ before, after: null, quiet: null }, { closes: [close], closed: 0 }, 0);
        const moved = instantsOf({ before, after: null, quiet }, { closes: [close], closed: 0 }, 0);
        expect(moved.length).toBe(free.length);
        free.forEach((instant, index) => {
          expect(instant).toBeLessThan(close);
          expect(moved[index]!).toBeLessThanOrEqual(instant);
          expect(moved[index]!).toBeGreaterThan(instant - DAY - 2 * HOUR);
          if (before.kind === 'day') {
            const shown = wall(instant, zone);
            // An hour that the clocks skip on that day is as long after the change as it would have been.
            const skipped = wall(instant - DAY, zone) !== shown && shown !== seconds(before.at);
            if (!skipped) expect(shown, `${zone} ${instant}`).toBe(seconds(before.at));
          }
        });
        tried += 1;
      }),
      { numRuns: many(150, 6000) },
    );
    says('Clocks', `${tried} reminders in any time zone before their close, moved by quiet hours only to be earlier`);
  },
  LONGEST,
);

test(
  'the one of the day after comes after its close, at its hour or when the quiet ends',
  () => {
    fc.assert(
      fc.property(zones, clock, plan, rounds, (zone, after, { quiet }, { closes }) => {
        vi.stubEnv('TZ', zone);
        const [close] = closes as [number];
        const run = { closes: [close, close + 4 * WEEK], closed: 1 };
        const only = (wish: When['quiet']) =>
          instantsOf({ before: hours(1), after, quiet: wish }, run, close * 1000).slice(0, -1);
        const [free] = only(null);
        expect(free!).toBeGreaterThan(close);
        expect(free! - close).toBeLessThan(2 * DAY + 2 * HOUR);
        // Without the last close's own one, which quiet hours may move too, this is all there is.
        expect(only(quiet)[0]!).toBeGreaterThanOrEqual(free!);
      }),
      { numRuns: many(100, 3000) },
    );
  },
  LONGEST,
);
