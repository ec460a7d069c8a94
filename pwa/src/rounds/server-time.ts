/** What the server's clock shows by now, as far as this page has heard (protocol, section 5, `n`). */

import { elapsed, now } from '../clock';
import type { View } from '../wire';
import { clockOff } from './rules';

let last: { now: number; at: number; ahead: number } | null = null;

/** A view has just come. */
export function heard(view: View): void {
  const server = view.now * 1000;
  last = { now: server, at: elapsed(), ahead: Math.round((now() - server) / 1000) };
}

/** Milliseconds since 1970 by the server's clock, or null before any view has come. */
export function serverNow(): number | null {
  return last === null ? null : last.now + Math.round(elapsed() - last.at);
}

/** Seconds by which this phone's clock was ahead of the server's at the last view; null up to a minute. */
export const clockAhead = (): number | null => clockOff(last?.ahead ?? 0);
