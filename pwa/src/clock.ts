/** The one door to time: a test that sets the browser's clock governs everything behind it. */

/** This phone's wall clock, milliseconds since 1970. */
export const now = (): number => Date.now();

/** Milliseconds since the page was opened, never set back by the person or the network. */
export const elapsed = (): number => performance.now();

/** The longest delay that a browser's timer can hold. */
const LONGEST = 2 ** 31 - 1;

/**
 * Calls `wake` once, `delay` milliseconds from now; a longer delay than a timer can hold wakes early.
 * @returns takes it back.
 */
export function later(wake: () => void, delay: number): () => void {
  const timer = setTimeout(wake, Math.min(Math.max(delay, 0), LONGEST));
  return () => clearTimeout(timer);
}
