/**
 * Creating and joining: the two ways to a seat (protocol, sections 3 and 5).
 *
 * What is asked for is stored before it is sent, so that after a lost reply, or a reload,
 * the same request with the same claim is sent again and ends once.
 */

import { createPair, joinPair } from '../api';
import { decode, encode, type Bytes } from '../crypto/encoding';
import { firstChain, joinHashOf, joinSecretOf, makeClaim, makeSideKey, pairIdOf, scheduleOf } from '../crypto/protocol';
import { insist, type Definite } from '../insist';
import { askToPersist, change, kept, type Pending, type Seat } from '../keystore';
import type { View, Wording } from '../wire';

/** What is asked for, before it is stored. */
export interface Wish {
  kind: Pending['kind'];
  link: Bytes;
  closes: readonly number[];
  wording: Wording;
  accessCode: string | null;
  /** UTC seconds: when the invitation expires. */
  expiresAt: number;
}

/** How it ended: the seat is stored, or the server's code. */
export type Taken = { kind: 'seated'; seat: Seat } | { kind: 'refused'; code: string };

async function ask(pending: Pending, link: Bytes, unknown: () => void): Promise<Definite<View> | null> {
  const joinSecret = await joinSecretOf(link);
  const pairId = encode(await pairIdOf(link));
  const { claim, closes, wording, accessCode } = pending;
  const mayGoOn = () => kept('pending')?.claim === claim;
  if (pending.kind === 'join') {
    const join = { join_secret: encode(joinSecret), claim };
    return insist(() => joinPair(pairId, join), unknown, mayGoOn);
  }
  const join_hash = encode(await joinHashOf(joinSecret));
  const pair = { pair_id: pairId, join_hash, closes, wording, claim };
  const body = accessCode === null ? pair : { ...pair, access_code: accessCode };
  return insist(() => createPair(body), unknown, mayGoOn);
}

/** The seat as agreed to here; should the server's view differ, home says so. */
async function seatOf(pending: Pending, link: Bytes): Promise<Seat> {
  const schedule = await scheduleOf(pending.closes);
  const created = pending.kind === 'create';
  return {
    pairId: encode(await pairIdOf(link)),
    side: created ? 'a' : 'b',
    wording: pending.wording,
    closes: pending.closes,
    schedule: encode(schedule),
    chain: { round: 0, key: encode(await firstChain(link, schedule)) },
    sideKey: encode(makeSideKey()),
    // The invited phone erases the link at once.
    invitation: created ? { link: pending.link, expiresAt: pending.expiresAt } : null,
    outcomes: pending.closes.map(() => null),
    highestClosed: -1,
    ended: null,
    told: false,
  };
}

/**
 * Sends what is pending until it is settled; the seat takes its place in one transaction.
 * Also goes on with what an earlier page left unsettled.
 */
export async function settlePending(pending: Pending, unknown: () => void): Promise<Taken> {
  const link = decode(pending.link, 16);
  const reply = link === null ? null : await ask(pending, link, unknown);
  const taken = link !== null && reply?.kind === 'ok' ? await seatOf(pending, link) : null;
  // Another tab that was sending the same may have been first: its seat stands.
  const { seat } = await change((now) =>
    now.pending?.claim === pending.claim ? { pending: null, ...(taken && { seat: taken, reminders: null }) } : {},
  );
  if (taken === null || seat === null)
    return { kind: 'refused', code: reply?.kind === 'refused' ? reply.code : 'gone' };
  void askToPersist();
  return { kind: 'seated', seat };
}

/** Takes a seat. `unknown` is called each time that no reply came. */
export async function takeSeat(wish: Wish, unknown: () => void): Promise<Taken> {
  const pending: Pending = {
    kind: wish.kind,
    link: encode(wish.link),
    closes: [...wish.closes],
    wording: wish.wording,
    claim: encode(makeClaim()),
    accessCode: wish.accessCode,
    expiresAt: wish.expiresAt,
  };
  await change(() => ({ pending }));
  return settlePending(pending, unknown);
}
