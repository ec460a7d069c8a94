/**
 * The closing instants of a run, worked out on the inviter's phone (protocol, section 3, `closes`):
 * the same wall clock in the chosen zone each time, so that daylight saving moves the instant, not the hour.
 */

import type { InviteForm } from './flow-invite';

const DAY = 24 * 3600 * 1000;
/** The first close is proposed at least this far ahead: milliseconds. */
const PROPOSED_LEAD = 3 * DAY;
const PROPOSED_TIME = '20:00';

/** A date and time without a zone, as milliseconds since 1970 would count them in UTC. */
type Wall = number;

const wallClocks = new Map<string, Intl.DateTimeFormat>();

/** The wall clock of `zone` at `instant` (milliseconds, whole seconds). Throws RangeError for no such zone. */
export function wallAt(instant: number, zone: string): Wall {
  let format = wallClocks.get(zone);
  if (format === undefined) {
    const digits = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric' } as const;
    format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
      ...digits,
      minute: 'numeric',
      second: 'numeric',
      hourCycle: 'h23',
      timeZone: zone,
    });
    wallClocks.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const part = (name: string) => parts[name] ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

/**
 * The instant (milliseconds) at which the clocks of `zone` show `wall`. A time that the clocks show twice
 * means the first; one that they skip means as long after the change as it would have been.
 */
export function instantOf(wall: Wall, zone: string): number {
  const offset = (instant: number) => wallAt(instant, zone) - instant;
  // Clocks change once in two days at most: one of the two offsets around is the one in force.
  const before = wall - offset(wall - DAY);
  const after = wall - offset(wall + DAY);
  const shown = [before, after].filter((instant) => wallAt(instant, zone) === wall);
  return shown.length === 0 ? before : Math.min(...shown);
}

/** `YYYY-MM-DD` and `HH:MM`, or null for anything that is no date or no time. */
function wallOf(date: string, time: string): Wall | null {
  const wall = Date.parse(`${date}T${time}:00Z`);
  const asTyped = Number.isNaN(wall) ? null : new Date(wall).toISOString();
  // 31 April and the like come back as another day.
  return asTyped === `${date}T${time}:00.000Z` ? wall : null;
}

/** The closes that a form makes, UTC seconds, or null when its date, time, zone or rounds make none. */
export function closesOf(form: InviteForm, now: number): number[] | null {
  const { date, time, zone, rounds, every, minutes } = form;
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 12) return null;
  const indices = Array.from({ length: rounds }, (_, round) => round);
  if (minutes !== null) {
    const first = Math.ceil(now / 1000) + minutes.first * 60;
    return Number.isInteger(first) ? indices.map((round) => first + round * minutes.every * 60) : null;
  }
  const wall = wallOf(date, time);
  if (wall === null) return null;
  const step = (every === 'week' ? 7 : 14) * DAY;
  try {
    return indices.map((round) => Math.floor(instantOf(wall + round * step, zone) / 1000));
  } catch {
    return null;
  }
}

const dateOf = (wall: Wall) => new Date(wall).toISOString().slice(0, 10);

/** The first evening at least three days ahead, by the clocks of `zone`. */
export function firstProposal(zone: string, now: number): { date: string; time: string } {
  const today = wallAt(Math.floor(now / 1000) * 1000, zone);
  const dates = [3, 4, 5].map((days) => dateOf(today + days * DAY));
  const far = (date: string) => instantOf(wallOf(date, PROPOSED_TIME) ?? 0, zone) >= now + PROPOSED_LEAD;
  return { date: dates.find(far) ?? dateOf(today + 5 * DAY), time: PROPOSED_TIME };
}
