/** Reminders that the phone itself asks for (protocol, section 5). */

import type { Step } from '../app/machine';

/** When to remind, before each close. */
export type When =
  | { kind: 'hours'; hours: number }
  /** The evening before, by this phone's own clock, `HH:MM`. */
  | { kind: 'evening'; at: string };

export interface Preference {
  on: boolean;
  when: When;
}

/** Whether this browser can remind at all, and if not, why. */
export type Support =
  | 'supported'
  /** On iOS only an installed app can. */
  | 'not_installed'
  | 'no_push';

export interface RemindersState {
  support: Support;
  preference: Preference;
  /**
   * `off` · `saving` · `on` · `denied` the browser was told to allow none ·
   * `unknown` no reply yet, being sent again · `refused` the server or the push service says no.
   */
  status: 'off' | 'saving' | 'on' | 'denied' | 'unknown' | 'refused';
  /** The next instants, UTC seconds, at most four. */
  next: readonly number[];
}

/** What a view may send. */
export type RemindersEvent =
  /** Turns reminders on, or changes when. Call it from a tap: the browser may ask for permission. */
  { type: 'on'; when: When } | { type: 'off' };

/** What the browser was told about notifications from here; `default`: nothing yet. */
export type Permission = 'default' | 'granted' | 'denied';

/** What the shell and the runner send besides. */
export type RemindersNews =
  /** At start and whenever the screen is opened: what this browser can, what was asked for. */
  | {
      type: 'open';
      support: Support;
      permission: Permission;
      preference: Preference | null;
      settled: boolean;
      next: number[];
    }
  /** The rest of the run is answered: no more reminders. */
  | { type: 'silence' }
  | { type: 'saved'; next: number[] }
  | { type: 'denied' }
  | { type: 'unknown' }
  | { type: 'refused' };

export type RemindersEffect =
  /** Subscribe if need be, then send the next instants. */
  | { type: 'turn_on'; when: When }
  /** Send an empty list; `forget`: also the subscription. */
  | { type: 'turn_off'; forget: boolean };

export const newReminders: RemindersState = {
  support: 'no_push',
  preference: { on: false, when: { kind: 'hours', hours: 3 } },
  status: 'off',
  next: [],
};

type Reduced = Step<RemindersState, RemindersEffect>;

function off(state: RemindersState, forget: boolean): Reduced {
  const preference = { ...state.preference, on: false };
  return { state: { ...state, preference, status: 'saving', next: [] }, effects: [{ type: 'turn_off', forget }] };
}

function open(state: RemindersState, news: Extract<RemindersNews, { type: 'open' }>): Reduced {
  const { support, next } = news;
  const preference = news.preference ?? state.preference;
  const opened: RemindersState = { support, preference, status: 'off', next: [] };
  if (!preference.on) return news.settled ? { state: opened, effects: [] } : off(opened, true);
  // Without permission it takes a tap to ask again.
  if (news.permission !== 'granted' || support !== 'supported') {
    return { state: { ...opened, status: news.permission === 'denied' ? 'denied' : 'off' }, effects: [] };
  }
  return { state: { ...opened, status: 'saving', next }, effects: [{ type: 'turn_on', when: preference.when }] };
}

/** The reducer. */
export function reduceReminders(state: RemindersState, event: RemindersEvent | RemindersNews): Reduced {
  const stay = (change: Partial<RemindersState>): Reduced => ({ state: { ...state, ...change }, effects: [] });
  switch (event.type) {
    case 'open':
      // What is on its way already is not sent twice.
      return state.status === 'saving' || state.status === 'unknown' ? stay({}) : open(state, event);
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
    case 'saved':
      return stay({ status: state.preference.on ? 'on' : 'off', next: event.next });
    case 'denied':
      return stay({ status: 'denied', next: [], preference: { ...state.preference, on: false } });
    case 'unknown':
      return stay({ status: 'unknown' });
    case 'refused':
      return stay({ status: 'refused' });
  }
}
