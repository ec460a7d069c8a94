/**
 * No forged yes: what has one thing wrong is refused or quiet, vector by vector. The same file is read by the
 * server's tests (`tests/forged/negative.py` makes it, and says what each kind is).
 */

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decode, encode, equal, type Bytes } from '../../src/crypto/encoding';
import { decodeOffer, encodeOffer } from '../../src/crypto/phone';
import { chainAt, firstChain, openAnswer, provesBothOpen, roundKey, scheduleOf } from '../../src/crypto/protocol';
import { findCode } from '../../src/pairing/invitation';
import type { Side } from '../../src/wire';
import { says } from '../proof';

interface Case extends Record<string, unknown> {
  kind: 'text' | 'seal' | 'answers' | 'stored' | 'offer' | 'invitation';
  scenario: string;
  result: 'refused' | 'quiet' | 'no match' | 'valid' | 'both open';
}

const file = new URL('../../../tests/vectors/negative.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] };
const all = (kind: Case['kind']) => cases.filter((one) => one.kind === kind);
const text = (value: unknown) => value as string;
const unhex = (value: unknown): Bytes => new Uint8Array(Buffer.from(text(value), 'hex'));
const hex = (bytes: Bytes | undefined) => bytes && Buffer.from(bytes).toString('hex');

async function roundKeyOf({ link, closes, round }: Case): Promise<Bytes> {
  const schedule = await scheduleOf(closes as number[]);
  const chain = await chainAt(await firstChain(unhex(link), schedule), schedule, 0, round as number);
  return roundKey(chain, schedule, round as number);
}

test('there are vectors of every kind, and valid twins among them', () => {
  for (const kind of ['text', 'seal', 'answers', 'offer', 'invitation'] as const) {
    const results = all(kind).map(({ result }) => result === 'valid' || result === 'both open');
    expect(results).toContain(true);
    expect(results.filter((valid) => !valid).length).toBeGreaterThan(10);
  }
  says('No forged yes', `${cases.length - all('stored').length} of the negative vectors hold on the phone too`);
});

test.each(all('text'))('text, $scenario: $result', (given) => {
  const read = decode(text(given['text']), given['size'] as number);
  expect(hex(read ?? undefined)).toBe(given.result === 'valid' ? given['bytes'] : undefined);
});

test.each(all('seal'))('seal, $scenario: $result', async (given) => {
  const [side, round] = [given['side'] as Side, given['round'] as number];
  const seal = unhex(given['seal']);
  const both = await provesBothOpen(seal, await roundKeyOf(given), side, round);
  expect(both).toBe(given.result === 'both open');
  // As it comes from the server.
  const handed = decode(encode(seal), 32);
  expect(handed !== null && equal(handed, seal)).toBe(seal.length === 32);
});

/**
 * Were the server as credulous as can be, and handed each side the second half of the other's body: the honest
 * phone still shows both open for the one true seal alone; whether the token was right is for the server to ask.
 */
test.each(all('answers'))('answers, $scenario: $result', async (given) => {
  const [forger, round] = [given['forger'] as Side, given['round'] as number];
  const honest = forger === 'a' ? 'b' : 'a';
  const rk = await roundKeyOf(given);
  const [body, mine] = [unhex(given[forger]), unhex(given[honest])];
  expect(mine).toEqual(await openAnswer(rk, honest, round));
  const truly = await openAnswer(rk, forger, round);
  expect(equal(body, truly)).toBe(given.result === 'valid');
  const proved = await provesBothOpen(body.slice(32), rk, honest, round);
  expect(proved).toBe(equal(body.slice(32), truly.slice(32)));
});

test.each(all('offer'))('offer, $scenario: $result', (given) => {
  const offer = decodeOffer(text(given['text']));
  if (given.result !== 'valid') {
    expect(offer).toBeNull();
    return;
  }
  expect([offer?.side, offer?.round, hex(offer?.chain)]).toEqual([given['side'], given['round'], given['chain']]);
  expect(encodeOffer(offer!)).toBe(given['text']);
});

test.each(all('invitation'))('invitation, $scenario: $result', (given) => {
  expect(findCode(text(given['text']))).toBe(given.result === 'valid' ? given['code'] : null);
});
