/** When to remind: instants that the phone works out itself, by its own clock (protocol, section 5). */

import type { Quiet, Rounds, When } from './flow';

/** How many closes ahead are looked at: an app that is not opened again falls silent by itself. */
const AHEAD = 4;
/** As many as the server takes. */
const MOST = 16;
const HOUR = 3600;
const DAY = 24 * HOUR;

const secondsOf = (clock: string): number => {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * HOUR + minutes * 60;
};

/** `clock` on the day that lies `days` from the one of `close`, by this phone's own clock; UTC seconds. */
function dayFrom(close: number, days: number, clock: string): number {
  const day = new Date(close * 1000);
  // As hours and minutes: where the clocks change, seconds since midnight would be another hour.
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return Math.floor(new Date(day.getFullYear(), day.getMonth(), day.getDate() + days, hours, minutes).getTime() / 1000);
}

/** Strictly between the beginning and the end of the quiet hours, by this phone's own clock. */
export function isQuiet(instant: number, quiet: Quiet | null): boolean {
  if (quiet === null) return false;
  const wall = new Date(instant * 1000);
  const since = (clock: string, seconds: number) => (seconds - secondsOf(clock) + DAY) % DAY;
  const begun = since(quiet.from, wall.getHours() * HOUR + wall.getMinutes() * 60 + wall.getSeconds());
  return begun > 0 && begun < since(quiet.from, secondsOf(quiet.to));
}

/** Minute by minute out of the quiet hours: whatever the clocks skip or repeat on the way. */
function outOf(quiet: Quiet | null, instant: number, step: 60 | -60): number {
  if (!isQuiet(instant, quiet)) return instant;
  const whole = step < 0 ? Math.floor(instant / 60) : Math.ceil(instant / 60);
  let moved = whole * 60;
  while (isQuiet(moved, quiet)) moved += step;
  return moved;
}

function before(close: number, { before: rule, quiet }: When): number[] {
  const instant = rule.kind === 'hours' ? close - rule.hours * HOUR : dayFrom(close, -rule.days, rule.at);
  // On the day itself the hour may lie after the close; where the clocks skip a day, so may its evening.
  return instant < close ? [outOf(quiet, instant, -60)] : [];
}

const after = (close: number, { after: at, quiet }: When): number[] =>
  at === null ? [] : [outOf(quiet, dayFrom(close, 1, at), 60)];

/**
 * The next reminders. None the morning after the last close: the run is over then, and what was set ends with it.
 * @param now milliseconds.
 * @returns UTC seconds, ascending, none twice, none in the past.
 */
export function instantsOf(when: When, { closes, closed }: Rounds, now: number): number[] {
  const isOpen = (close: number, round: number) => round >= closed && close * 1000 > now;
  const open = closes.filter(isOpen).slice(0, AHEAD);
  const horizon = open.at(-1) ?? Infinity;
  const followed = closes.slice(0, -1).filter((close) => close <= horizon);
  const all = [...open.flatMap((close) => before(close, when)), ...followed.flatMap((close) => after(close, when))];
  return [...new Set(all)]
    .filter((instant) => instant * 1000 > now)
    .toSorted((a, b) => a - b)
    .slice(0, MOST);
}
