/** Reminders that the phone itself asks for (protocol, section 5): when, in which words, and whether at all. */

import type { Step } from '../app/machine';

/** An hour of the day by this phone's own clock, `HH:MM`. */
export type Clock = string;

/** When to remind of a close. */
export type Before = { kind: 'hours'; hours: number } | { kind: 'day'; days: 0 | 1 | 2; at: Clock };

/** From one hour to another, also past midnight: nothing comes between them. */
export interface Quiet {
  from: Clock;
  to: Clock;
}

export interface When {
  before: Before;
  /** Once more on the day after a close, in the same words. */
  after: Clock | null;
  quiet: Quiet | null;
}

/** What a notification says, as the service worker reads it. */
export interface Words {
  title: string;
  body: string;
  /** Whether it may be heard: others may be in the room. */
  sound: boolean;
  /** Which of the ready-made ones, or one's own. */
  choice: 'plain' | 'moment' | 'note' | 'own';
}

export interface Preference {
  on: boolean;
  when: When;
}

/** The closes of the run, UTC seconds, and how many of them have been seen closed. */
export interface Rounds {
  closes: readonly number[];
  closed: number;
}

/** Whether this browser can remind at all, and if not, why. */
export type Support =
  | 'supported'
  /** On iOS only an installed app can. */
  | 'not_installed'
  | 'no_push';

/** What the browser was told about notifications from here; `default`: nothing yet. */
export type Permission = 'default' | 'granted' | 'denied';

export interface RemindersState {
  support: Support;
  permission: Permission;
  preference: Preference;
  /** Null while nothing was chosen: the plain ones. */
  words: Words | null;
  rounds: Rounds;
  /**
   * `off` · `saving` · `on` · `denied` the browser was told to allow none ·
   * `unknown` no reply yet, being sent again · `refused` the server or the push service says no.
   */
  status: 'off' | 'saving' | 'on' | 'denied' | 'unknown' | 'refused';
  /** The next instants as they were saved, UTC seconds. */
  next: readonly number[];
  /** Whether the one to look at could be shown; null when none was asked for. */
  shown: boolean | null;
  /** How many entries the calendar file holds that was just made. */
  entries: number | null;
}

/** What a view may send. */
export type RemindersEvent =
  /** Turns reminders on, or changes when. Call it from a tap: the browser may ask for permission. */
  | { type: 'on'; when: When }
  | { type: 'off' }
  | { type: 'words'; words: Words }
  /** Shows one now, to look at. Also from a tap. */
  | { type: 'show'; words: Words }
  /** Makes a calendar file. */
  | { type: 'calendar'; when: When; words: Words };

/** What the shell and the runner send besides. */
export type RemindersNews =
  /** At start and whenever the screen is opened: what this browser can, what was asked for. */
  | {
      type: 'open';
      support: Support;
      permission: Permission;
      preference: Preference | null;
      words: Words | null;
      rounds: Rounds;
      settled: boolean;
      next: number[];
    }
  /** The rest of the run is answered: no more reminders. */
  | { type: 'silence' }
  | { type: 'saved'; next: number[] }
  /** The browser does not allow notifications (any more). */
  | { type: 'not_allowed'; permission: Permission }
  | { type: 'unknown' }
  /** `on`: they were on before, and are tried again at the next start. */
  | { type: 'refused'; on: boolean }
  | { type: 'shown'; shown: boolean }
  | { type: 'file'; entries: number };

export type RemindersEffect =
  /** Subscribe if need be, then send the next instants. */
  | { type: 'turn_on'; when: When }
  /** End the subscription here and send an empty list; `forget`: the server is to forget the subscription as well. */
  | { type: 'turn_off'; forget: boolean }
  | { type: 'keep_words'; words: Words }
  | { type: 'show'; words: Words }
  | { type: 'calendar'; when: When; words: Words };

export const newReminders: RemindersState = {
  support: 'no_push',
  permission: 'default',
  preference: { on: false, when: { before: { kind: 'day', days: 1, at: '19:00' }, after: null, quiet: null } },
  words: null,
  rounds: { closes: [], closed: 0 },
  status: 'off',
  next: [],
  shown: null,
  entries: null,
};

type Reduced = Step<RemindersState, RemindersEffect>;

/** Off, and if the browser allows none, that is why. */
const still = ({ permission }: RemindersState) => (permission === 'denied' ? 'denied' : 'off');

function off(state: RemindersState, forget: boolean): Reduced {
  const preference = { ...state.preference, on: false };
  return { state: { ...state, preference, status: 'saving', next: [] }, effects: [{ type: 'turn_off', forget }] };
}

function open(state: RemindersState, news: Extract<RemindersNews, { type: 'open' }>): Reduced {
  const { support, permission, words, rounds, next } = news;
  const seen = { ...state, support, permission, words, rounds, shown: null, entries: null };
  // What is on its way already is not sent twice.
  if (state.status === 'saving' || state.status === 'unknown') return { state: seen, effects: [] };
  const preference = news.preference ?? state.preference;
  const opened: RemindersState = { ...seen, preference, status: still(seen), next: [] };
  if (!preference.on) return news.settled ? { state: opened, effects: [] } : off(opened, true);
  // Permission was taken back: that is a no to reminders, and it takes a tap to ask again.
  if (permission !== 'granted' || support !== 'supported') return off(opened, true);
  return { state: { ...opened, status: 'saving', next }, effects: [{ type: 'turn_on', when: preference.when }] };
}

/** The reducer. */
export function reduceReminders(state: RemindersState, event: RemindersEvent | RemindersNews): Reduced {
  const stay = (change: Partial<RemindersState>): Reduced => ({ state: { ...state, ...change }, effects: [] });
  switch (event.type) {
    case 'open':
      return open(state, event);
    case 'on': {
      if (state.support !== 'supported') return stay({});
      const preference = { on: true, when: event.when };
      return {
        state: { ...state, preference, status: 'saving' },
        effects: [{ type: 'turn_on', when: event.when }],
      };
    }
    case 'off':
      return off(state, true);
    case 'silence':
      return off(state, false);
    case 'words':
      return {
        state: { ...state, words: event.words, shown: null, entries: null },
        effects: [{ ...event, type: 'keep_words' }],
      };
    case 'show':
    case 'calendar':
      return { state: { ...state, shown: null, entries: null }, effects: [event] };
    case 'saved':
      return stay({ status: state.preference.on ? 'on' : still(state), next: event.next });
    case 'not_allowed': {
      const { permission } = event;
      const preference = { ...state.preference, on: false };
      return stay({ permission, preference, status: still({ ...state, permission }), next: [] });
    }
    case 'unknown':
      return stay({ status: 'unknown' });
    case 'refused':
      return stay({ status: 'refused', preference: { ...state.preference, on: event.on } });
    case 'shown':
      return stay({ shown: event.shown });
    case 'file':
      return stay({ entries: event.entries });
  }
}
