/**
 * The quiet home: what a phone shows of its run (protocol, sections 3 and 4).
 *
 * Nothing here knows whether an answer was sent: the state is the same before
 * sending and after it.
 */

import type { Step } from '../app/machine';
import type { Result } from '../api';
import type { Seat } from '../keystore';
import type { View, Wording } from '../wire';
import { look, problemOf } from './rules';

/** What a phone shows of a closed round. `uncounted`: its answer key was lost. */
export type Outcome = 'both' | 'quiet' | 'uncounted';

/** A closed round whose outcome this phone knows. */
export interface ClosedRound {
  /** 0, 1, 2 … */
  round: number;
  /** UTC seconds. */
  closedAt: number;
  outcome: Outcome;
  /** Whether it was opened here: until then home says only that the round has closed. */
  looked: boolean;
}

/** What home knows whether the run goes on or is over. */
export interface Run {
  wording: Wording;
  /** All closing instants of the run, UTC seconds. */
  closes: readonly number[];
  /** Closed rounds with a known outcome, oldest first. */
  closed: readonly ClosedRound[];
  /** Seconds by which this phone's clock is ahead of the server's (negative: behind); null up to a minute. */
  clock: number | null;
  /** `unreachable`: what is shown comes from this phone's memory alone. */
  contact: 'fresh' | 'unreachable';
  /** The invitation can still be shown (only on the phone that made it, until it expires, UTC seconds). */
  invitationUntil: number | null;
}

export type HomeState =
  /** Nothing is known yet (only for a moment, at start). */
  | { kind: 'loading' }
  /** This phone holds no seat: welcome. */
  | { kind: 'none' }
  | (Run & {
      kind: 'running';
      /** The round that can be answered now, or null while the last one is being closed. */
      round: { round: number; closesAt: number; lost: boolean } | null;
      /** A round that has closed by this phone's clock, whose outcome has not come yet (oldest). */
      awaiting: { round: number; closedAt: number } | null;
    })
  | (Run & {
      kind: 'over';
      /** `both`: a round found both open · `finished`: the last round has closed · `decided`: the partner said so. */
      ended: 'both' | 'finished' | 'decided';
      /** When the server erases everything of this run, UTC seconds. */
      erasedAt: number;
    })
  | { kind: 'problem'; problem: Problem };

/** A state in which no outcome can be shown, each said plainly and never as quiet. */
export type Problem =
  /** The browser holds a seat, this phone's storage has no keys for it. */
  | 'keys_missing'
  /** The phone has keys, the server knows no seat for this browser. */
  | 'seat_missing'
  /** As before, and the run is old enough to have been erased: offer to clear. */
  | 'erased'
  /** The server shows other closing instants than this phone agreed to. */
  | 'closes_differ'
  /** The server shows another pair or side than this phone's own. */
  | 'seat_differs';

/** What a view may send. */
export type HomeEvent =
  /** Ask the server again. */
  | { type: 'refresh' }
  /** An outcome was opened. */
  | { type: 'looked'; round: number }
  /** Erase what this phone keeps of the run (offered with problems). */
  | { type: 'clear' };

/** What the runner sends besides. */
export type HomeNews =
  /** The seat as it now stands in storage: at start, after joining, leaving, settling. */
  | { type: 'seat'; seat: Seat | null }
  | { type: 'viewed'; result: Result<View>; seat: Seat | null }
  /** The key of an unresolved round is not in storage. */
  | { type: 'keyless' }
  /** The instant that was waited for. */
  | { type: 'woken' };

export type HomeEffect =
  | { type: 'fetch' }
  /** Work out the outcomes of closed rounds and erase what is over. */
  | { type: 'settle'; view: View }
  | { type: 'wake'; at: number }
  | { type: 'looked'; round: number }
  | { type: 'erase' };

/** What the flow remembers; views are shown `shown` only. */
export interface Home {
  shown: HomeState;
  seat: Seat | null;
  /** The last view, if one has come since the page was opened. */
  view: View | null;
  contact: 'fresh' | 'unreachable';
  /** Seconds by which this phone's clock is ahead of the server's. */
  ahead: number;
  /** How often in a row a close was awaited in vain. */
  tries: number;
}

export const newHome: Home = {
  shown: { kind: 'loading' },
  seat: null,
  view: null,
  // Until a reply fails to come, nothing is said about the connection.
  contact: 'fresh',
  ahead: 0,
  tries: 0,
};

/** The server closes within two seconds of the instant: milliseconds to wait before asking. */
const CLOSE_MARGIN = 2_500;

/** Shows the seat, and when to look again: shortly after the next close, or soon if one is overdue. */
function showing(home: Home, now: number): Step<Home, HomeEffect> {
  const { seat } = home;
  if (seat === null) return { state: { ...home, shown: { kind: 'none' } }, effects: [] };
  const shown = look(home, seat, now);
  const effects: HomeEffect[] = [];
  if (shown.kind === 'running' && shown.awaiting !== null) {
    const overdue = Math.max(now, shown.awaiting.closedAt * 1000 + CLOSE_MARGIN);
    effects.push({ type: 'wake', at: overdue + Math.min(2 ** home.tries, 60) * 1000 });
  } else if (shown.kind === 'running' && shown.round !== null) {
    effects.push({ type: 'wake', at: shown.round.closesAt * 1000 + CLOSE_MARGIN });
  }
  const tries = shown.kind === 'running' && shown.awaiting !== null ? home.tries : 0;
  return { state: { ...home, shown, tries }, effects };
}

/** The reducer. `now` in milliseconds. */
export function reduceHome(home: Home, event: HomeEvent | HomeNews, now: number): Step<Home, HomeEffect> {
  switch (event.type) {
    case 'refresh':
      return { state: home, effects: [{ type: 'fetch' }] };
    case 'woken':
      return { state: { ...home, tries: home.tries + 1 }, effects: [{ type: 'fetch' }] };
    case 'looked':
      return { state: home, effects: [{ type: 'looked', round: event.round }] };
    case 'clear':
      return { state: home, effects: [{ type: 'erase' }] };
    case 'keyless':
      return { state: { ...home, shown: { kind: 'problem', problem: 'keys_missing' } }, effects: [] };
    case 'seat':
      // A problem of this very seat stays until the server says otherwise: storage alone is no all-clear.
      if (home.shown.kind === 'problem' && event.seat !== null && event.seat.pairId === home.seat?.pairId)
        return { state: { ...home, seat: event.seat }, effects: [] };
      return showing({ ...home, seat: event.seat, view: event.seat === null ? null : home.view }, now);
    case 'viewed': {
      const { result, seat } = event;
      const problem = problemOf(result, seat, now);
      if (problem !== null) return { state: { ...newHome, seat, shown: { kind: 'problem', problem } }, effects: [] };
      const answered = result.kind === 'ok' || (result.kind === 'refused' && result.code === 'no_pair');
      // A problem stays until the server says otherwise: no reply is no all-clear.
      if (home.shown.kind === 'problem' && !answered) return { state: home, effects: [] };
      if (result.kind !== 'ok') return showing({ ...home, seat, contact: 'unreachable' }, now);
      const view = result.value;
      const ahead = Math.round(now / 1000 - view.now);
      const step = showing({ ...home, seat, view, contact: 'fresh', ahead }, now);
      return { ...step, effects: [...step.effects, { type: 'settle', view }] };
    }
  }
}
