import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ascii, concat, decode, encode, equal, label, lp, u32, u64 } from '../../src/crypto/encoding';

const bytes = fc.uint8Array({ maxLength: 200 });

test('bytes survive base64url and back', () => {
  fc.assert(
    fc.property(bytes, (given) => {
      const written = encode(given);
      expect(written).toMatch(/^[A-Za-z0-9_-]*$/);
      expect(written).toBe(Buffer.from(given).toString('base64url'));
      expect(decode(written, given.length)).toEqual(given);
    }),
  );
});

test('nothing but the one spelling of the right number of bytes is read', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), fc.nat(20), (text, size) => {
      const read = decode(text, size);
      if (read !== null) expect([encode(read), read.length]).toEqual([text, size]);
    }),
  );
  // Stray bits, padding, the other alphabet, white space, a byte too few and too many.
  for (const text of ['AB', 'AA==', '+w', '/w', 'A A', 'AA\n', 'A', 'AAA', 'ÄÄ']) expect(decode(text, 1)).toBeNull();
  expect(decode('_w', 1)).toEqual(Uint8Array.of(255));
});

test('equal is equality', () => {
  fc.assert(fc.property(bytes, bytes, (one, other) => equal(one, other) === (encode(one) === encode(other))));
  fc.assert(fc.property(bytes, (one) => equal(one, one.slice())));
});

test('numbers are big-endian', () => {
  expect(u32(0x01020304)).toEqual(Uint8Array.of(1, 2, 3, 4));
  expect(u64(2 ** 40 + 5)).toEqual(Uint8Array.of(0, 0, 1, 0, 0, 0, 0, 5));
});

test('lp keeps parts apart: the same bytes cut elsewhere are other bytes', () => {
  expect(lp(ascii('ab'), ascii(''))).toEqual(Uint8Array.of(0, 0, 0, 2, 97, 98, 0, 0, 0, 0));
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 4 }), fc.array(bytes, { maxLength: 4 }), (one, other) => {
      const same = one.length === other.length && one.every((part, at) => equal(part, other[at] ?? ascii('?')));
      return equal(lp(...one), lp(...other)) === same;
    }),
  );
  expect(label('open', u32(1))).toEqual(lp(ascii('ajar/1 open'), u32(1)));
  expect(concat(ascii('a'), ascii('bc'))).toEqual(ascii('abc'));
});
