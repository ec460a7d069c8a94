/** When to remind: instants that the phone works out itself (protocol, section 5). */

import type { When } from './flow';

/** How many closes ahead are sent: an app that is not opened again falls silent by itself. */
const AHEAD = 4;

/** The evening before `close` by this phone's own clock, UTC seconds. */
function eveningBefore(close: number, at: string): number {
  const [hours = 0, minutes = 0] = at.split(':').map(Number);
  const day = new Date(close * 1000);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - 1, hours, minutes).getTime() / 1000;
}

/**
 * The next reminders.
 * @param closes of the rounds that can still be answered, UTC seconds.
 * @param now milliseconds.
 * @returns UTC seconds, ascending, none in the past.
 */
export function instantsOf(when: When, closes: readonly number[], now: number): number[] {
  const before = (close: number) => (when.kind === 'hours' ? close - when.hours * 3600 : eveningBefore(close, when.at));
  return (
    closes
      .filter((close) => close * 1000 > now)
      .slice(0, AHEAD)
      .map((close) => ({ close, instant: Math.floor(before(close)) }))
      // Where the clocks skip a whole day, its evening would come after the close.
      .filter(({ close, instant }) => instant < close && instant * 1000 > now)
      .map(({ instant }) => instant)
  );
}
