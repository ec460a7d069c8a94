/** Reminders that the phone itself asks for (protocol, section 5). */

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

export type RemindersEvent =
  /** Turns reminders on, or changes when. Call it from a tap: the browser may ask for permission. */
  | { type: 'on'; when: When }
  | { type: 'off' };
