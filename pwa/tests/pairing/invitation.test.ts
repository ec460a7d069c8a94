import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encode } from '../../src/crypto/encoding';
import { findCode, linkTo } from '../../src/pairing/invitation';

const links = fc.uint8Array({ minLength: 16, maxLength: 16 });

test('an invitation is found in whatever was pasted', () => {
  fc.assert(
    fc.property(links, (link) => {
      const code = encode(link);
      const url = linkTo('https://ajar.example', link);
      expect(url).toBe(`https://ajar.example/#join=${code}`);
      for (const text of [
        code,
        `  ${code}\n`,
        url,
        `Hello,\nif you like, look at this: ${url}\nNo hurry.`,
        `(${url}).`,
        `<${url}>`,
        `http://localhost:8000/#join=${code}`,
        `https://other.example/path/?x=1#join=${code}`,
        `https://mailer.example/redirect?to=https%3A%2F%2Fajar.example%2F%23join%3D${code}`,
        `#join=${code}`,
      ]) {
        expect(findCode(text)).toBe(code);
      }
    }),
  );
});

test.each(['', 'hello', 'https://ajar.example/', '#join=', '#join=short', `#join=${'A'.repeat(23)}`, 'B'.repeat(22)])(
  '%j is no invitation',
  (text) => expect(findCode(text)).toBeNull(),
);

test('nothing is found in arbitrary text but what is spelled as `encode` spells it', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => {
      const code = findCode(text);
      if (code !== null) expect(text).toContain(code);
    }),
  );
});
