/**
 * Rate, answer, sent (protocol, sections 3 and 5).
 *
 * The rating never enters this flow: it lives in the view alone and goes with it.
 * The choice lives in the state only until it is sent; from then on it is carried
 * by the effect, and no state tells open from closed.
 */

import type { Step } from '../app/machine';

/** One round, or all that remain of the run. */
export type Scope = 'round' | 'rest';

export type Choice = 'open' | 'closed';

/** The round that is being answered. */
export interface Asked {
  round: number;
  /** UTC seconds. */
  closesAt: number;
  /** How many rounds remain, this one included. */
  remaining: number;
  /** Its answer key was lost: people are asked to answer again. */
  lost: boolean;
}

export type AnswerState =
  /** No round can be answered now: home says why. */
  | { step: 'nothing' }
  | (Asked & { step: 'rate' })
  | (Asked & { step: 'choose'; choice: Choice | null; scope: Scope })
  /** *Stop asking me*, before it is confirmed. */
  | (Asked & { step: 'stop' })
  | (Asked & { step: 'sending'; scope: Scope })
  /** No reply has come: the answer may have arrived or not. It is being sent again. */
  | (Asked & { step: 'unknown'; scope: Scope })
  | (Asked & { step: 'sent'; scope: Scope })
  /** `clock`: seconds by which this phone's clock is ahead of the server's, when more than a minute. */
  | (Asked & { step: 'late'; why: Late; clock: number | null })
  | (Asked & { step: 'refused'; code: string });

/**
 * Why an answer does not count:
 * `closed` the server has closed the round · `own_clock` this phone's clock is past the close,
 * though the server has not closed it · `ended` the run is over: in each nothing was shared.
 * `closed_unknown` the round closed while no reply came: the answer arrived in time or did not.
 */
export type Late = 'closed' | 'own_clock' | 'ended' | 'closed_unknown';

/** What a view may send. */
export type AnswerEvent =
  /** From the ruler to the two choices. */
  | { type: 'rated' }
  /** From the choices back to the ruler. */
  | { type: 'back' }
  | { type: 'choose'; choice: Choice }
  | { type: 'scope'; scope: Scope }
  /** Sends the choice; without one nothing happens. */
  | { type: 'send' }
  /** Confirms *stop asking me*. */
  | { type: 'stop' }
  /** Asked anew, after being late: looks for the round that can be answered now. */
  | { type: 'again' };

/** What the shell and the runner send besides. */
export type AnswerNews =
  /** The screen was opened; `stop`: as *stop asking me*. */
  | { type: 'open'; stop: boolean }
  /** The screen was left. */
  | { type: 'left' }
  /** The round that can be answered now. */
  | { type: 'asked'; asked: Asked | null; stop: boolean }
  | { type: 'unknown' }
  | { type: 'arrived' }
  | { type: 'late'; why: Late; clock: number | null }
  | { type: 'refused'; code: string };

export type AnswerEffect =
  | { type: 'ask'; stop: boolean }
  | { type: 'send'; round: number; scope: Scope; choice: Choice }
  /** The rest of the run is answered: its reminders end. */
  | { type: 'silence' };

const asked = (state: Asked): Asked => ({
  round: state.round,
  closesAt: state.closesAt,
  remaining: state.remaining,
  lost: state.lost,
});

const stay = (state: AnswerState): Step<AnswerState, AnswerEffect> => ({ state, effects: [] });

function sending(state: Asked, scope: Scope, choice: Choice): Step<AnswerState, AnswerEffect> {
  const effects: AnswerEffect[] = [{ type: 'send', round: state.round, scope, choice }];
  return { state: { ...asked(state), step: 'sending', scope }, effects };
}

/** What a person does on the screen. */
function act(state: AnswerState, event: AnswerEvent): Step<AnswerState, AnswerEffect> {
  if (event.type === 'again') return { state, effects: [{ type: 'ask', stop: false }] };
  switch (state.step) {
    case 'rate':
      return stay(event.type === 'rated' ? { ...state, step: 'choose', choice: null, scope: 'round' } : state);
    case 'choose':
      if (event.type === 'back') return stay({ ...asked(state), step: 'rate' });
      if (event.type === 'choose') return stay({ ...state, choice: event.choice });
      if (event.type === 'scope') return stay({ ...state, scope: event.scope });
      return event.type === 'send' && state.choice !== null ? sending(state, state.scope, state.choice) : stay(state);
    case 'stop':
      return event.type === 'stop' ? sending(state, 'rest', 'closed') : stay(state);
    default:
      return stay(state);
  }
}

/** What became of what was sent. */
function hear(state: AnswerState, event: AnswerNews): Step<AnswerState, AnswerEffect> {
  if (state.step !== 'sending' && state.step !== 'unknown') return stay(state);
  switch (event.type) {
    case 'unknown':
      return stay({ ...state, step: 'unknown' });
    case 'arrived':
      return { state: { ...state, step: 'sent' }, effects: state.scope === 'rest' ? [{ type: 'silence' }] : [] };
    case 'late':
      return stay({ ...asked(state), step: 'late', why: event.why, clock: event.clock });
    case 'refused':
      return stay({ ...asked(state), step: 'refused', code: event.code });
    default:
      return stay(state);
  }
}

/** The reducer. */
export function reduceAnswer(state: AnswerState, event: AnswerEvent | AnswerNews): Step<AnswerState, AnswerEffect> {
  const busy = state.step === 'sending' || state.step === 'unknown';
  switch (event.type) {
    case 'open':
      // What is still on its way, or was not yet read, is shown first.
      return busy || state.step === 'late' || state.step === 'refused'
        ? stay(state)
        : { state, effects: [{ type: 'ask', stop: event.stop }] };
    case 'left':
      return stay(busy ? state : { step: 'nothing' });
    case 'asked':
      if (busy) return stay(state);
      return stay(event.asked === null ? { step: 'nothing' } : { ...event.asked, step: event.stop ? 'stop' : 'rate' });
    case 'unknown':
    case 'arrived':
    case 'late':
    case 'refused':
      return hear(state, event);
    default:
      return act(state, event);
  }
}
