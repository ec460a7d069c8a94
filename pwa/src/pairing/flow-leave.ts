/** The two exits (protocol, section 4 and 5): quietly, or telling. Both are final. */

import type { Step } from '../app/machine';

export type Way = 'quiet' | 'tell';

export type LeaveState =
  | { step: 'choose' }
  | { step: 'confirm'; way: Way }
  | { step: 'sending'; way: Way }
  /** No reply has come; the same request is being sent again. */
  | { step: 'unknown'; way: Way }
  | { step: 'done'; way: Way }
  | { step: 'refused'; code: string };

/** What a view may send. */
export type LeaveEvent = { type: 'choose'; way: Way } | { type: 'back' } | { type: 'confirm' };

/** What the shell and the runner send besides. */
export type LeaveNews = { type: 'open' } | { type: 'unknown' } | { type: 'left' } | { type: 'refused'; code: string };

export type LeaveEffect = { type: 'leave'; way: Way };

export const newLeave: LeaveState = { step: 'choose' };

/** The reducer. */
export function reduceLeave(state: LeaveState, event: LeaveEvent | LeaveNews): Step<LeaveState, LeaveEffect> {
  const stay = (next: LeaveState): Step<LeaveState, LeaveEffect> => ({ state: next, effects: [] });
  const busy = state.step === 'sending' || state.step === 'unknown';
  switch (event.type) {
    case 'open':
      return stay(busy ? state : newLeave);
    case 'choose':
      return stay(busy ? state : { step: 'confirm', way: event.way });
    case 'back':
      return stay(busy ? state : newLeave);
    case 'confirm':
      return state.step === 'confirm'
        ? { state: { step: 'sending', way: state.way }, effects: [{ type: 'leave', way: state.way }] }
        : stay(state);
    case 'unknown':
      return stay(busy ? { step: 'unknown', way: state.way } : state);
    case 'left':
      return stay(busy ? { step: 'done', way: state.way } : state);
    case 'refused':
      return stay(busy ? { step: 'refused', code: event.code } : state);
  }
}
