/** The two exits (protocol, section 4 and 5): quietly, or telling. Both are final. */

import type { Step } from '../app/machine';

export type Way = 'quiet' | 'tell';

/** What leaving means here and now. */
export interface Setting {
  /** The run is over: there is nothing left to tell, only something to clear. */
  over: boolean;
  /** The next closing instant, from which on a partner who is told can read it; UTC seconds, if known. */
  next: number | null;
}

export type LeaveState = Setting &
  (
    | { step: 'choose' }
    | { step: 'confirm'; way: Way }
    | { step: 'sending'; way: Way }
    /** No reply has come; the same request is being sent again. */
    | { step: 'unknown'; way: Way }
    | { step: 'done'; way: Way }
    | { step: 'refused'; code: string }
  );

/** What a view may send. */
export type LeaveEvent = { type: 'choose'; way: Way } | { type: 'back' } | { type: 'confirm' };

/** What the shell and the runner send besides. */
export type LeaveNews =
  ({ type: 'open' } & Setting) | { type: 'unknown' } | { type: 'left' } | { type: 'refused'; code: string };

export type LeaveEffect = { type: 'leave'; way: Way };

export const newLeave: LeaveState = { step: 'choose', over: false, next: null };

/** The first step: which of the two ways, or, once the run is over, clearing alone. */
const first = ({ over, next }: Setting): LeaveState =>
  over ? { over, next, step: 'confirm', way: 'quiet' } : { over, next, step: 'choose' };

/** The reducer. */
export function reduceLeave(state: LeaveState, event: LeaveEvent | LeaveNews): Step<LeaveState, LeaveEffect> {
  const stay = (next: LeaveState): Step<LeaveState, LeaveEffect> => ({ state: next, effects: [] });
  const busy = state.step === 'sending' || state.step === 'unknown';
  const { over, next: instant } = state;
  const setting = { over, next: instant };
  switch (event.type) {
    case 'open':
      return stay(busy ? state : first(event));
    case 'choose':
      return stay(busy || over ? state : { ...setting, step: 'confirm', way: event.way });
    case 'back':
      return stay(busy ? state : first(state));
    case 'confirm':
      return state.step === 'confirm'
        ? { state: { ...setting, step: 'sending', way: state.way }, effects: [{ type: 'leave', way: state.way }] }
        : stay(state);
    case 'unknown':
      return stay(busy ? { ...setting, step: 'unknown', way: state.way } : state);
    case 'left':
      return stay(busy ? { ...setting, step: 'done', way: state.way } : state);
    case 'refused':
      return stay(busy ? { ...setting, step: 'refused', code: event.code } : state);
  }
}
