import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InviteForm } from '../../src/pairing/flow-invite';
import { closesOf, firstProposal, instantOf, wallAt } from '../../src/pairing/schedule';

const HOUR = 3600;
const DAY = 24 * HOUR;
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'Europe/London',
  'America/New_York',
  'America/St_Johns',
  'America/Sao_Paulo',
  'America/Santiago',
  'Australia/Sydney',
  'Australia/Lord_Howe', // half an hour of daylight saving
  'Pacific/Auckland',
  'Pacific/Chatham',
  'Pacific/Kiritimati', // UTC+14
  'Pacific/Pago_Pago', // UTC-11
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Africa/Casablanca', // daylight saving turned round in Ramadan
  'Africa/Cairo', // changes at midnight
] as const;

const zones = fc.constantFrom(...ZONES);
/** 2026 to 2036, every quarter of an hour. */
const walls = fc.integer({ min: 0, max: 10 * 365 * 96 }).map((quarters) => Date.UTC(2026, 0, 1) + quarters * 900_000);

const iso = (wall: number) => new Date(wall).toISOString();
const form = (change: Partial<InviteForm>): InviteForm => ({
  date: '2027-03-12',
  time: '20:00',
  zone: 'UTC',
  rounds: 5,
  every: 'week',
  wording: 'marriage',
  accessCode: '',
  minutes: null,
  ...change,
});
/** Seconds of the UTC text. */
const utc = (text: string) => Date.parse(text) / 1000;

describe('a wall clock and its instant', () => {
  test('the instant shows the wall clock, or the clocks skip it', () => {
    fc.assert(
      fc.property(zones, walls, (zone, wall) => {
        const shown = wallAt(instantOf(wall, zone), zone);
        // A skipped time comes out later, by no more than the change.
        expect([0, 0.5 * HOUR * 1000, HOUR * 1000]).toContain(shown - wall);
      }),
      { numRuns: 1000 },
    );
  });

  test('of two instants that show the same, it is the first', () => {
    fc.assert(
      fc.property(zones, walls, (zone, wall) => {
        const instant = instantOf(wall, zone);
        for (const earlier of [30, 60]) expect(wallAt(instant - earlier * 60_000, zone)).not.toBe(wall);
      }),
      { numRuns: 1000 },
    );
  });

  test('no zone of that name', () => expect(() => wallAt(0, 'Mars/Olympus')).toThrow(RangeError));
});

describe('closes', () => {
  test('keep the hour when daylight saving begins and ends, on both sides of the equator', () => {
    const berlin = closesOf(form({ date: '2027-03-20', zone: 'Europe/Berlin', rounds: 3 }), 0);
    expect(berlin).toEqual(['2027-03-20T19:00Z', '2027-03-27T19:00Z', '2027-04-03T18:00Z'].map(utc));
    const sydney = closesOf(form({ date: '2027-03-27', zone: 'Australia/Sydney', rounds: 3 }), 0);
    expect(sydney).toEqual(['2027-03-27T09:00Z', '2027-04-03T09:00Z', '2027-04-10T10:00Z'].map(utc));
    const newYork = closesOf(form({ date: '2027-10-31', zone: 'America/New_York', rounds: 2 }), 0);
    expect(newYork).toEqual(['2027-11-01T00:00Z', '2027-11-08T01:00Z'].map(utc));
  });

  test('a time that the clocks skip closes as long after the change', () => {
    const berlin = closesOf(form({ date: '2027-03-28', time: '02:30', zone: 'Europe/Berlin', rounds: 1 }), 0);
    expect(berlin).toEqual([utc('2027-03-28T01:30Z')]); // shown as 03:30
  });

  test('a time that the clocks show twice closes at the first', () => {
    const berlin = closesOf(form({ date: '2027-10-31', time: '02:30', zone: 'Europe/Berlin', rounds: 1 }), 0);
    expect(berlin).toEqual([utc('2027-10-31T00:30Z')]);
  });

  test('are what the server takes: 1 to 12, ascending, 23 hours to 31 days and an hour apart, each at the chosen hour', () => {
    const every = fc.constantFrom('week', 'fortnight');
    fc.assert(
      fc.property(zones, walls, fc.integer({ min: 1, max: 12 }), every, (zone, wall, rounds, step) => {
        const [date, time] = [iso(wall).slice(0, 10), iso(wall).slice(11, 16)];
        const closes = closesOf(form({ date, time, zone, rounds, every: step }), 0)!;
        expect(closes).toHaveLength(rounds);
        closes.forEach((close, round) => {
          expect(Number.isInteger(close)).toBe(true);
          const apart = close - (closes[round - 1] ?? close - 7 * DAY);
          expect(apart).toBeGreaterThanOrEqual(23 * HOUR);
          expect(apart).toBeLessThanOrEqual(31 * DAY + HOUR);
          const days = round * (step === 'week' ? 7 : 14);
          const late = wallAt(close * 1000, zone) - (wall + days * DAY * 1000);
          expect([0, 0.5 * HOUR * 1000, HOUR * 1000]).toContain(late);
        });
      }),
      { numRuns: 300 },
    );
  });

  test('minutes apart, where the server allows it', () => {
    const now = 1_800_000_000_500;
    const closes = closesOf(form({ rounds: 3, minutes: { first: 2, every: 3 } }), now);
    expect(closes).toEqual([1_800_000_121, 1_800_000_301, 1_800_000_481]);
  });

  test.each<Partial<InviteForm>>([
    { date: '2027-02-30' },
    { date: '' },
    { time: '25:00' },
    { time: '' },
    { date: '2027-3-1' },
    { zone: 'Mars/Olympus' },
    { rounds: 0 },
    { rounds: 13 },
    { rounds: 2.5 },
    { rounds: Number.NaN },
    { minutes: { first: Number.NaN, every: 1 } },
  ])('none from %j', (change) => expect(closesOf(form(change), 0)).toBeNull());
});

test('the proposal is an evening at least three days ahead, and at most five', () => {
  fc.assert(
    fc.property(zones, walls, (zone, now) => {
      const proposal = firstProposal(zone, now);
      const [close = 0] = closesOf(form({ ...proposal, zone }), now) ?? [];
      expect(proposal.time).toBe('20:00');
      expect(close * 1000 - now).toBeGreaterThanOrEqual(3 * DAY * 1000);
      expect(close * 1000 - now).toBeLessThanOrEqual(5 * DAY * 1000);
    }),
    { numRuns: 500 },
  );
});
