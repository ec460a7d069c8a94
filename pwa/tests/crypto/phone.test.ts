import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, encode } from '../../src/crypto/encoding';
import { decodeOffer, encodeOffer, type PhoneOffer } from '../../src/crypto/phone';

const size = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const offers: fc.Arbitrary<PhoneOffer> = fc.record({
  pairId: size(16),
  joinSecret: size(32),
  side: fc.constantFrom('a', 'b'),
  round: fc.nat(11),
  chain: size(32),
  sideKey: size(32),
  schedule: size(32),
});

test('a seat survives the way from one phone to another', () => {
  fc.assert(
    fc.property(offers, (offer) => {
      const text = encodeOffer(offer);
      expect(text).toHaveLength(199);
      expect(decodeOffer(text)).toEqual(offer);
    }),
  );
});

test('the parts stand in the order of the protocol', () => {
  const part = (length: number, byte: number) => new Uint8Array(length).fill(byte);
  const text = encodeOffer({
    pairId: part(16, 1),
    joinSecret: part(32, 2),
    side: 'b',
    round: 3,
    chain: part(32, 4),
    sideKey: part(32, 5),
    schedule: part(32, 6),
  });
  const ones = (length: number, byte: number) => byte.toString(16).padStart(2, '0').repeat(length);
  const hex = Buffer.from(decode(text, 149)!).toString('hex');
  expect(hex).toBe(`${ones(16, 1)}${ones(32, 2)}6200000003${ones(32, 4)}${ones(32, 5)}${ones(32, 6)}`);
});

test('anything else is no seat', () => {
  fc.assert(
    fc.property(offers, fc.nat(148), fc.nat(255), (offer, at, byte) => {
      const bytes = decode(encodeOffer(offer), 149)!;
      bytes[at] = byte;
      const read = decodeOffer(encode(bytes));
      // A changed byte is another seat, or none: never the same one, never a side or round that cannot be.
      if (read !== null) expect([['a', 'b'].includes(read.side), read.round < 12]).toEqual([true, true]);
    }),
  );
  for (const text of ['', 'A', 'A'.repeat(199), 'A'.repeat(22), `${'A'.repeat(198)}=`])
    expect(decodeOffer(text)).toBeNull();
});
