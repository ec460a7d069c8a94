/** Taking up an invitation (protocol, sections 3 and 5). */

import type { Step } from '../app/machine';
import type { Invitation, Wording } from '../wire';
import { findCode } from './invitation';

/** `code` is the invitation itself, 22 characters: never shown, never stored before *join*. */
export type JoinState =
  /** Nothing yet: paste the message, its link or the code. */
  | { step: 'paste'; problem: null | 'not_an_invitation' }
  /** Asking the server what the invitation says. */
  | { step: 'looking'; code: string }
  /** It could not be asked: `again` asks once more. */
  | { step: 'unreachable'; code: string }
  | { step: 'offered'; code: string; closes: readonly number[]; wording: Wording; expiresAt: number }
  | { step: 'joining' }
  /** No reply has come; the same request is being sent again. */
  | { step: 'unknown' }
  | { step: 'joined' }
  /** Used, expired, wrong or unknown: the server says no more, on purpose. */
  | { step: 'gone' }
  /** This browser holds a seat already. */
  | { step: 'has_seat' }
  | { step: 'refused'; code: string };

/** What a view may send. */
export type JoinEvent =
  /** Whatever was pasted or came with the address. */
  | { type: 'read'; text: string }
  | { type: 'join' }
  /** Once more: after `unreachable`, the same invitation; else back to pasting. */
  | { type: 'again' };

/** What the shell and the runner send besides. */
export type JoinNews =
  /** The screen was opened. */
  | { type: 'open'; seated: boolean }
  /** A join whose reply never came is being sent again. */
  | { type: 'resumed' }
  | { type: 'found'; invitation: Invitation }
  | { type: 'unreachable' }
  | { type: 'unknown' }
  | { type: 'joined' }
  | { type: 'refused'; code: string };

export type JoinEffect =
  | { type: 'look'; code: string }
  | { type: 'join'; code: string; closes: readonly number[]; wording: Wording; expiresAt: number };

export const newJoin: JoinState = { step: 'paste', problem: null };

const stay = (state: JoinState): Step<JoinState, JoinEffect> => ({ state, effects: [] });
const look = (code: string): Step<JoinState, JoinEffect> => ({
  state: { step: 'looking', code },
  effects: [{ type: 'look', code }],
});

function refusal(code: string): JoinState {
  if (code === 'invitation_gone') return { step: 'gone' };
  return code === 'has_seat' ? { step: 'has_seat' } : { step: 'refused', code };
}

/** The reducer. */
export function reduceJoin(state: JoinState, event: JoinEvent | JoinNews): Step<JoinState, JoinEffect> {
  const { step } = state;
  const busy = step === 'joining' || step === 'unknown';
  switch (event.type) {
    case 'open':
      if (busy || step === 'looking' || step === 'offered') return stay(state);
      return stay(event.seated ? { step: 'has_seat' } : newJoin);
    case 'read': {
      if (busy) return stay(state);
      const code = findCode(event.text);
      return code === null ? stay({ step: 'paste', problem: 'not_an_invitation' }) : look(code);
    }
    case 'join': {
      if (step !== 'offered') return stay(state);
      const { code, closes, wording, expiresAt } = state;
      return { state: { step: 'joining' }, effects: [{ type: 'join', code, closes, wording, expiresAt }] };
    }
    case 'again':
      return busy ? stay(state) : step === 'unreachable' ? look(state.code) : stay(newJoin);
    case 'found': {
      if (step !== 'looking') return stay(state);
      const { closes, wording, expires_at: expiresAt } = event.invitation;
      return stay({ step: 'offered', code: state.code, closes, wording, expiresAt });
    }
    case 'unreachable':
      return stay(step === 'looking' ? { step: 'unreachable', code: state.code } : state);
    case 'resumed':
    case 'unknown':
      return stay({ step: 'unknown' });
    case 'joined':
      return stay({ step: 'joined' });
    case 'refused':
      return stay(refusal(event.code));
  }
}
