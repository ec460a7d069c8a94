/** Sending again until the server has said yes or no (protocol, section 2, 7: once, whichever reply was lost). */

import type { Result } from './api';
import { later } from './clock';

/** A reply that settles what became of a request. */
export type Definite<T> = Exclude<Result<T>, { kind: 'unknown' }>;

/** The pauses between two attempts: 1, 2, 4 … seconds, at most a minute. */
const pause = (attempt: number): number => Math.min(2 ** attempt, 60) * 1000;

/** Waits for `delay` milliseconds, or until the network or the person is back. */
function breathe(delay: number): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      takeBack();
      removeEventListener('online', go);
      removeEventListener('visibilitychange', seen);
      resolve();
    };
    const seen = () => {
      if (document.visibilityState === 'visible') go();
    };
    const takeBack = later(go, delay);
    addEventListener('online', go);
    addEventListener('visibilitychange', seen);
  });
}

/**
 * Repeats one idempotent request, the same each time, until a definite reply.
 *
 * A server that is too busy (429) says nothing about the attempt before; so once a reply
 * was lost, it is asked again like no reply at all.
 * @param unknown is called after each attempt whose result is not known.
 * @param mayGoOn is asked before each further attempt.
 * @returns null if it was not to go on: then the result stays unknown.
 */
export async function insist<T>(
  attempt: () => Promise<Result<T>>,
  unknown: () => void,
  mayGoOn: () => boolean = () => true,
): Promise<Definite<T> | null> {
  for (let attempts = 0; ; attempts += 1) {
    const result = await attempt();
    const busy = result.kind === 'refused' && result.code === 'too_many_requests' && attempts > 0;
    if (result.kind !== 'unknown' && !busy) return result;
    unknown();
    await breathe(pause(attempts));
    if (!mayGoOn()) return null;
  }
}
