/**
 * Which screen is shown, and how one gets to another.
 *
 * The address is always `/` and the title always the same: neither the address bar
 * nor the browser's history tells which screens were looked at. A history entry
 * carries nothing but its depth; the stack of screens lives in memory and is
 * forgotten by a reload.
 */

import { signal, type ReadonlySignal } from '@preact/signals';

/** Every screen. `start` is welcome or the quiet home, as the phone's seat has it. */
export type Screen =
  | { name: 'start' }
  /** Is it safe for you? Passed before inviting and joining; also opened by itself. */
  | { name: 'safety'; before: 'invite' | 'join' | null }
  | { name: 'invite' }
  | { name: 'join' }
  /** Before you answer: the honest page. `first` when it stands before the first home. */
  | { name: 'honest'; first: boolean }
  /** Rate, answer, sent, too late. */
  | { name: 'answer' }
  /** *Stop asking me*: not this time for the whole run, and no more reminders. */
  | { name: 'stop' }
  | { name: 'outcome'; round: number }
  | { name: 'leave' }
  | { name: 'reminders' }
  | { name: 'library'; topic: string | null }
  | { name: 'about' };

const stack: Screen[] = [{ name: 'start' }];
const current = signal<Screen>({ name: 'start' });
let depth = 0;

/** The screen that is shown. */
export const screen: ReadonlySignal<Screen> = current;

function show(next: Screen) {
  stack[depth] = next;
  stack.length = depth + 1;
  current.value = next;
}

/** Opens a screen; the phone's *back* returns to the one before. */
export function go(next: Screen) {
  depth += 1;
  history.pushState({ depth }, '', '/');
  show(next);
}

/** Opens a screen in the place of the present one: *back* skips what was replaced. */
export function replace(next: Screen) {
  history.replaceState({ depth }, '', '/');
  show(next);
}

/** Opens a screen in an entry that the browser has just made itself, for an address with a fragment. */
export function adopt(next: Screen) {
  depth += 1;
  replace(next);
}

/** One screen back, as the phone's own *back*; at the bottom of the stack, the start. */
export function back() {
  if (depth > 0) history.back();
  else replace({ name: 'start' });
}

/** To welcome or the quiet home, forgetting the way that led here. */
export function home() {
  if (depth > 0) history.go(-depth);
  depth = 0;
  show({ name: 'start' });
}

/** How many entries of this session lie below the present one: as many as the browser would say. */
export function entriesBelow(): number {
  return depth;
}

/** The depth that an entry carries; one of nobody's is the first. */
function depthIn(state: unknown): number {
  const carried = typeof state === 'object' && state !== null && 'depth' in state ? Number(state.depth) : 0;
  return Number.isSafeInteger(carried) && carried > 0 ? carried : 0;
}

/** Listens to the phone's own *back* and *forward*. Called once, at start. */
export function startNavigation() {
  // After a reload the browser still stands where it stood, and *Leave now* has as far to go back.
  depth = depthIn(history.state);
  replace({ name: 'start' });
  addEventListener('popstate', (event) => {
    // An address with a fragment was opened here, not a step back: see `adopt`.
    if (location.hash !== '') return;
    depth = depthIn(event.state);
    // Forward never leads back into answering: it would tell whether that was left by sending or without.
    const answering = stack.findIndex((one, at) => at > depth && ['answer', 'stop'].includes(one?.name));
    if (answering !== -1) stack.length = answering;
    current.value = stack[depth] ??= { name: 'start' };
  });
}
