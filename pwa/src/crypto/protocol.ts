/** Every formula of the client's side (protocol, section 3), under the names it has there. */

import type { Side } from '../wire';
import { ascii, concat, equal, label, u32, u64, type Bytes } from './encoding';
import { hkdf, hmac, random, sha256 } from './primitives';

const EMPTY = new Uint8Array();

/** What only the two phones know: 16 random bytes, made on the inviter's phone. */
export const makeLink = (): Bytes => random(16);

/** 32 random bytes, shared only among one side's own devices. */
export const makeSideKey = (): Bytes => random(32);

/** 32 random bytes that let the same create or join be repeated after a lost reply. */
export const makeClaim = (): Bytes => random(32);

/** 32 bytes over the closing instants (UTC seconds): in every key, so that two schedules never match. */
export const scheduleOf = (closes: readonly number[]): Promise<Bytes> => sha256(label('schedule', ...closes.map(u64)));

/** 16 bytes. */
export const pairIdOf = (link: Bytes): Promise<Bytes> => hkdf(link, EMPTY, label('pair id'), 16);

/** 32 bytes. */
export const joinSecretOf = (link: Bytes): Promise<Bytes> => hkdf(link, EMPTY, label('join'));

/** 32 bytes. */
export const joinHashOf = (joinSecret: Bytes): Promise<Bytes> => sha256(joinSecret);

/** `chain[0]`, 32 bytes. */
export const firstChain = (link: Bytes, schedule: Bytes): Promise<Bytes> =>
  hkdf(link, schedule, label('chain', u32(0)));

/** `chain[round]` from `chain[round - 1]`, 32 bytes. */
export const nextChain = (previous: Bytes, schedule: Bytes, round: number): Promise<Bytes> =>
  hkdf(previous, schedule, label('chain', u32(round)));

/** `chain[to]` from `chain[from]`; `to` is `from` or later. */
export async function chainAt(chain: Bytes, schedule: Bytes, from: number, to: number): Promise<Bytes> {
  let key = chain;
  for (let round = from + 1; round <= to; round += 1) key = await nextChain(key, schedule, round);
  return key;
}

/** `rk`, 32 bytes. */
export const roundKey = (chain: Bytes, schedule: Bytes, round: number): Promise<Bytes> =>
  hkdf(chain, schedule, label('round', u32(round)));

/** What proves to the other side that this side was open, 32 bytes. */
export const sealOf = (rk: Bytes, side: Side, round: number): Promise<Bytes> =>
  hmac(rk, label('seal', ascii(side), u32(round)));

/** What both open answers begin with, 32 bytes. */
export const tokenOf = (sealA: Bytes, sealB: Bytes, round: number): Promise<Bytes> =>
  sha256(label('open', sealA, sealB, u32(round)));

/** `token ‖ seal_own`, 64 bytes. */
export async function openAnswer(rk: Bytes, side: Side, round: number): Promise<Bytes> {
  const [sealA, sealB] = await Promise.all([sealOf(rk, 'a', round), sealOf(rk, 'b', round)]);
  return concat(await tokenOf(sealA, sealB, round), side === 'a' ? sealA : sealB);
}

/** 64 bytes that only this side's own devices can tell from noise. */
export const closedAnswer = (sideKey: Bytes, schedule: Bytes, round: number): Promise<Bytes> =>
  hkdf(sideKey, schedule, label('closed', u32(round)), 64);

/** Whether `seal` is the other side's: the one ground on which *both open* is ever shown. */
export async function provesBothOpen(seal: Bytes, rk: Bytes, side: Side, round: number): Promise<boolean> {
  return equal(seal, await sealOf(rk, side === 'a' ? 'b' : 'a', round));
}
