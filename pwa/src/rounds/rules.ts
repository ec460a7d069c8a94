/** The rules of the quiet home: what a seat and a view come to at an instant. Pure; `now` in milliseconds. */

import type { Result } from '../api';
import type { Seat } from '../keystore';
import type { View } from '../wire';
import type { Asked } from './flow-answer';
import type { ClosedRound, Home, HomeState, Problem, Run } from './flow-home';

/** How long the server keeps a run after its last close, or after a match: seconds. */
export const KEPT_AFTER = 14 * 24 * 3600;

/** When everything of this run is erased by the server, UTC seconds. */
export function erasedAt(seat: Seat): number {
  // Without a match this is -1, which `at` reads as the last close.
  const matched = seat.outcomes.findIndex((resolved) => resolved?.outcome === 'both');
  return (seat.closes.at(matched) ?? 0) + KEPT_AFTER;
}

/** The lowest round that may still be answered, or null (protocol, section 3). `now` in milliseconds. */
export function answerable(seat: Seat, now: number): number | null {
  const round = seat.closes.findIndex((close, index) => index > seat.highestClosed && now < close * 1000);
  return round === -1 ? null : round;
}

/** The lowest round that has closed without this phone knowing its outcome, or null. */
function awaited(seat: Seat, now: number): number | null {
  const round = seat.chain?.round;
  const close = round === undefined ? undefined : seat.closes[round];
  if (round === undefined || close === undefined || seat.outcomes[round]) return null;
  return close * 1000 <= now || round <= seat.highestClosed ? round : null;
}

/** Whether the run is over, and how; not before every outcome that came has been worked out. */
function endOf(seat: Seat, now: number): 'both' | 'finished' | 'decided' | null {
  if (seat.outcomes.some((resolved) => resolved?.outcome === 'both')) return 'both';
  const round = awaited(seat, now);
  if (round !== null && round <= seat.highestClosed) return null;
  return seat.ended ?? (seat.chain === null ? 'finished' : null);
}

/** A clock that differs by more than this is shown: seconds. */
const TOLERANCE = 60;

/** Seconds by which this phone's clock is ahead of the server's; null up to a minute. */
export const clockOff = (ahead: number): number | null => (Math.abs(ahead) > TOLERANCE ? ahead : null);

/** What is shown of a seat. */
export function look(home: Home, seat: Seat, now: number): HomeState {
  const run: Run = {
    wording: seat.wording,
    closes: seat.closes,
    closed: seat.closes.flatMap((closedAt, round) => {
      const resolved = seat.outcomes[round];
      return resolved ? [{ round, closedAt, ...resolved }] : [];
    }),
    clock: clockOff(home.ahead),
    contact: home.contact,
    invitationUntil: seat.invitation && seat.invitation.expiresAt * 1000 > now ? seat.invitation.expiresAt : null,
  };
  const ended = endOf(seat, now);
  if (ended !== null) return { ...run, kind: 'over', ended, erasedAt: erasedAt(seat) };
  const open = seat.ended === null ? answerable(seat, now) : null;
  const waiting = awaited(seat, now);
  const instant = (round: number) => seat.closes[round] ?? 0;
  return {
    ...run,
    kind: 'running',
    round: open === null ? null : { round: open, closesAt: instant(open), lost: !!home.view?.lost.includes(open) },
    awaiting: waiting === null ? null : { round: waiting, closedAt: instant(waiting) },
  };
}

/** The round that can be answered now, for the answer flow. */
export function askedOf({ shown }: Home): Asked | null {
  if (shown.kind !== 'running' || shown.round === null) return null;
  return { ...shown.round, remaining: shown.closes.length - shown.round.round };
}

/** A closed round whose outcome this phone knows, or undefined. */
export const closedRound = (shown: HomeState, round: number): ClosedRound | undefined =>
  shown.kind === 'running' || shown.kind === 'over' ? shown.closed.find((one) => one.round === round) : undefined;

/** What keeps an outcome from being shown, as the server's reply has it. */
export function problemOf(result: Result<View>, seat: Seat | null, now: number): Problem | null {
  if (result.kind === 'ok') {
    const view = result.value;
    if (seat === null || (seat.chain === null && !seat.outcomes.at(-1))) return 'keys_missing';
    if (view.pair_id !== seat.pairId || view.side !== seat.side) return 'seat_differs';
    return view.closes.join() === seat.closes.join() ? null : 'closes_differ';
  }
  if (result.kind === 'unknown' || result.code !== 'no_pair' || seat === null) return null;
  return now >= erasedAt(seat) * 1000 ? 'erased' : 'seat_missing';
}
