/**
 * Another phone of the same side: what the QR code on the first one carries
 * (protocol, section 3, `side_key`). Never the invitation.
 */

import type { Side } from '../wire';
import { ascii, concat, decode, encode, u32, type Bytes } from './encoding';

/** A seat as one phone hands it to another. */
export interface PhoneOffer {
  /** 16 bytes. */
  pairId: Bytes;
  /** 32 fresh random bytes, never the invitation's. */
  joinSecret: Bytes;
  side: Side;
  /** The lowest unresolved round. */
  round: number;
  /** `chain[round]`, 32 bytes. */
  chain: Bytes;
  /** 32 bytes. */
  sideKey: Bytes;
  /** 32 bytes. */
  schedule: Bytes;
}

const SIZE = 16 + 32 + 1 + 4 + 32 + 32 + 32;

/** What stands behind `#phone=`. */
export function encodeOffer(offer: PhoneOffer): string {
  const { pairId, joinSecret, side, round, chain, sideKey, schedule } = offer;
  return encode(concat(pairId, joinSecret, ascii(side), u32(round), chain, sideKey, schedule));
}

/** @returns null unless `text` is what `encodeOffer` makes, for a round that a run can have. */
export function decodeOffer(text: string): PhoneOffer | null {
  const bytes = decode(text, SIZE);
  if (bytes === null) return null;
  const side = String.fromCharCode(bytes[48] ?? 0);
  const round = new DataView(bytes.buffer).getUint32(49);
  if ((side !== 'a' && side !== 'b') || round > 11) return null;
  return {
    pairId: bytes.slice(0, 16),
    joinSecret: bytes.slice(16, 48),
    side,
    round,
    chain: bytes.slice(53, 85),
    sideKey: bytes.slice(85, 117),
    schedule: bytes.slice(117),
  };
}
