/** What turns a pure flow into something that lives: the one loop that all domains share. */

import { signal, type ReadonlySignal } from '@preact/signals';
import { now } from '../clock';

/** What a flow answers to an event: the next state, and what is to be done. */
export interface Step<State, Effect> {
  state: State;
  effects: readonly Effect[];
}

/** A living flow: views read `state.value` and send events, nothing else. */
export interface Machine<State, Event> {
  readonly state: ReadonlySignal<State>;
  send: (event: Event) => void;
}

/** What every view is given. */
export interface ViewProps<State, Event> {
  state: State;
  send: (event: Event) => void;
}

/**
 * Starts a flow.
 * @param reduce is pure: the time is given to it (milliseconds since 1970).
 * @param run carries out one effect and may send events back, at once or later.
 */
export function machine<State, Event, Effect>(
  initial: State,
  reduce: (state: State, event: Event, now: number) => Step<State, Effect>,
  run: (effect: Effect, send: (event: Event) => void) => void,
): Machine<State, Event> {
  const state = signal(initial);
  const send = (event: Event) => {
    const step = reduce(state.peek(), event, now());
    state.value = step.state;
    for (const effect of step.effects) run(effect, send);
  };
  return { state, send };
}
