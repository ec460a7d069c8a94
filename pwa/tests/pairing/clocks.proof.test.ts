/**
 * Clocks: closes at the inviter's wall clock, reminders at this phone's own, in every zone and around every change
 * of its clocks. Held against what Python's time zones make (`tests/clocks/zones.py`) and against a search in small steps.
 */

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import type { InviteForm } from '../../src/pairing/flow-invite';
import { closesOf } from '../../src/pairing/schedule';
import type { Before } from '../../src/reminders/flow';
import { instantsOf } from '../../src/reminders/instants';
import { LONGEST, many, says } from '../proof';

interface Case {
  zone: string;
  date: string;
  time: string;
  days: 7 | 14;
  closes: number[];
  /** The zone of the phone that asks for reminders, the evening before at `evening`. */
  phone: string;
  evening: string;
  reminders: number[];
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const file = new URL('../../../tests/vectors/clocks.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] };

const form = (change: Pick<InviteForm, 'date' | 'time' | 'zone' | 'rounds' | 'every'>): InviteForm => ({
  ...change,
  wording: 'marriage',
  accessCode: '',
  minutes: null,
});
const reminding = (before: Before, closes: number[]) =>
  instantsOf({ before, after: null, quiet: null }, { closes, closed: 0 }, 0);
const eveningBefore = (at: string): Before => ({ kind: 'day', days: 1, at });
const everyOf = (days: number) => (days === 7 ? 'week' : 'fortnight');

const formats = new Map<string, Intl.DateTimeFormat>();

/** Seconds by which the clocks of `zone` are ahead of UTC at `instant`, as they say themselves. */
function offsetAt(instant: number, zone: string): number {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  formats.set(zone, format);
  const name = format.formatToParts(instant * 1000).find(({ type }) => type === 'timeZoneName')!.value;
  const [, sign, hours, minutes, seconds = '0'] = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?/.exec(name)!;
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds));
}

/** The first instant that shows `wall` in `zone`, by trying every offset of the days around; else after the gap. */
function searched(wall: number, zone: string): number {
  const around: number[] = [];
  for (let instant = wall - 30 * HOUR; instant <= wall + 30 * HOUR; instant += 15 * MINUTE) {
    around.push(offsetAt(instant, zone));
  }
  const shown = [...new Set(around)].map((offset) => wall - offset).filter((at) => at + offsetAt(at, zone) === wall);
  return shown.length > 0 ? Math.min(...shown) : wall - around[0]!;
}

afterEach(() => vi.unstubAllEnvs());

test('there are vectors for every kind of change', () => {
  expect(new Set(cases.map(({ zone }) => zone)).size).toBeGreaterThan(15);
});

test('closes are those that another language’s time zones make', () => {
  for (const { zone, date, time, days, closes } of cases) {
    const made = closesOf(form({ date, time, zone, rounds: closes.length, every: everyOf(days) }), 0);
    expect(made, `${zone} ${date} ${time}`).toEqual(closes);
  }
  says('Clocks', `${cases.length} schedules around changes of the clocks alike in both languages`);
});

test('reminders come at the phone’s own hour, up to 26 hours from the inviter’s', () => {
  for (const { phone, evening, closes, reminders, zone } of cases) {
    vi.stubEnv('TZ', phone);
    const made = reminding(eveningBefore(evening), closes);
    // The day before is none where the clocks skipped it: then there is no evening before.
    const before = reminders.filter((instant, round) => instant < closes[round]!);
    expect(made, `${zone} seen from ${phone}, ${evening}`).toEqual(before);
  }
  says('Clocks', `${cases.length} times four reminders alike in both languages`);
});

const zones = fc.constantFrom(...new Set([...cases.map(({ zone }) => zone), ...Intl.supportedValuesOf('timeZone')]));
/** Every quarter of an hour of 27 years: seconds, as if the wall clock were UTC. */
const walls = fc.integer({ min: 0, max: 27 * 365 * 96 }).map((n) => Date.UTC(2010, 0, 1) / 1000 + n * 15 * MINUTE);
const iso = (wall: number) => new Date(wall * 1000).toISOString();

test(
  'every schedule in every zone is at the chosen hour, and one that the server takes',
  () => {
    let tried = 0;
    const every = fc.constantFrom<InviteForm['every']>('week', 'fortnight');
    fc.assert(
      fc.property(fc.tuple(zones, walls), fc.integer({ min: 1, max: 12 }), every, ([zone, wall], rounds, step) => {
        const [date, time] = [iso(wall).slice(0, 10), iso(wall).slice(11, 16)];
        const closes = closesOf(form({ date, time, zone, rounds, every: step }), 0)!;
        const days = step === 'week' ? 7 : 14;
        expect(closes, `${zone} ${date} ${time}`).toEqual(
          Array.from({ length: rounds }, (_, round) => searched(wall + round * days * DAY, zone)),
        );
        closes.slice(1).forEach((close, round) => {
          expect(close - closes[round]!).toBeGreaterThanOrEqual(23 * HOUR);
          expect(close - closes[round]!).toBeLessThanOrEqual(31 * DAY + HOUR);
        });
        tried += 1;
      }),
      { numRuns: many(60, 4000) },
    );
    says('Clocks', `${tried} schedules in any time zone at the chosen hour`);
  },
  LONGEST,
);

test(
  'every reminder is at the phone’s own hour of the day before, in every zone',
  () => {
    let tried = 0;
    const clock = fc.nat(24 * 60 - 1).map((minute) => iso(minute * 60).slice(11, 16));
    fc.assert(
      fc.property(zones, walls, clock, fc.integer({ min: 1, max: 72 }), (zone, close, at, hours) => {
        vi.stubEnv('TZ', zone);
        const today = close + offsetAt(close, zone);
        const [h, m] = at.split(':').map(Number) as [number, number];
        const evening = searched(today - (today % DAY) - DAY + h * HOUR + m * MINUTE, zone);
        const expected = evening < close ? [evening] : [];
        expect(reminding(eveningBefore(at), [close]), `${zone} ${iso(close)} ${at}`).toEqual(expected);
        expect(reminding({ kind: 'hours', hours }, [close])).toEqual([close - hours * HOUR]);
        tried += 1;
      }),
      { numRuns: many(100, 6000) },
    );
    says('Clocks', `${tried} reminders in any time zone at the phone’s own hour of the day before`);
  },
  LONGEST,
);
