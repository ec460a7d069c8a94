/**
 * The only fetch: every request of protocol, section 5, to the server that served this page.
 *
 * No request says more by its existence, order, size or headers than its fields do.
 */

import {
  readConfig,
  readError,
  readInvitation,
  readView,
  type Config,
  type Invitation,
  type View,
  type Wording,
} from './wire';

/** What became of a request. */
export type Result<T> =
  | { kind: 'ok'; value: T }
  /** The server said no, and nothing was changed. `code` as in the protocol; `message` in the server's words. */
  | { kind: 'refused'; code: string; message: string }
  /** No reply, or none that can be read: the server may or may not have acted. */
  | { kind: 'unknown' };

/** Milliseconds after which a reply is no longer awaited. */
const PATIENCE = 10_000;

const UNKNOWN = { kind: 'unknown' } as const;
const nothing = (): null => null;

async function request<T>(
  method: string,
  path: string,
  body: unknown,
  read: (reply: unknown) => T,
): Promise<Result<T>> {
  try {
    const reply = await fetch(`/api/${path}`, {
      method,
      cache: 'no-store',
      credentials: 'same-origin',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(PATIENCE),
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (reply.status >= 500) return UNKNOWN;
    const content: unknown = reply.status === 204 ? null : await reply.json();
    if (reply.ok) return { kind: 'ok', value: read(content) };
    return { kind: 'refused', ...readError(content) };
  } catch {
    // Cut off, timed out, not JSON or not of the protocol's shape: all the same to the one who waits.
    return UNKNOWN;
  }
}

/** A new pair, with this browser as its side a. The `claim` makes it safe to send again. */
export const createPair = (pair: {
  pair_id: string;
  join_hash: string;
  closes: number[];
  wording: Wording;
  claim: string;
  access_code?: string;
}): Promise<Result<View>> => request('POST', 'pairs', pair, readView);

/** What an invitation says; refused with `invitation_gone`. */
export const getInvitation = (pairId: string): Promise<Result<Invitation>> =>
  request('GET', `invitations/${pairId}`, undefined, readInvitation);

/** Takes the invited seat. The `claim` makes it safe to send again. */
export const joinPair = (pairId: string, join: { join_secret: string; claim: string }): Promise<Result<View>> =>
  request('POST', `invitations/${pairId}/join`, join, readView);

/** What this device may see of its pair; refused with `no_pair`. */
export const getPair = (): Promise<Result<View>> => request('GET', 'pair', undefined, readView);

/** Answers of 64 bytes each; the same `n` twice changes nothing. */
export const putAnswers = (answers: { n: number; answers: { round: number; body: string }[] }): Promise<Result<null>> =>
  request('PUT', 'answers', answers, nothing);

/** Replaces this device's reminders: instants, UTC seconds. */
export const putReminders = (at: readonly number[]): Promise<Result<null>> =>
  request('PUT', 'reminders', { at }, nothing);

/** Where this device's reminders are sent to. */
export const putSubscription = (to: { endpoint: string; p256dh: string; auth: string }): Promise<Result<null>> =>
  request('PUT', 'subscription', to, nothing);

export const deleteSubscription = (): Promise<Result<null>> => request('DELETE', 'subscription', undefined, nothing);

/** Gives the seat up for good, on all of this side's devices. */
export const leavePair = (tellPartner: boolean): Promise<Result<null>> =>
  request('POST', 'leave', { tell_partner: tellPartner }, nothing);

/** Who hosts this server. */
export const getConfig = (): Promise<Result<Config>> => request('GET', 'config', undefined, readConfig);
