/**
 * Checks every field of a file of vectors against this implementation. The same function runs in node
 * (`vectors.test.ts`) and, bundled by `npm run build:vectors`, in a browser.
 */

import { encode, equal, type Bytes } from '../../src/crypto/encoding';
import {
  chainAt,
  closedAnswer,
  firstChain,
  joinHashOf,
  joinSecretOf,
  nextChain,
  openAnswer,
  pairIdOf,
  provesBothOpen,
  roundKey,
  scheduleOf,
  sealOf,
  tokenOf,
} from '../../src/crypto/protocol';

export interface Report {
  cases: number;
  /** How many fields were compared. */
  checked: number;
  failures: string[];
}

type Json = Record<string, unknown>;

const hex = (bytes: Bytes): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const unhex = (value: unknown): Bytes => {
  const pairs = typeof value === 'string' ? (value.match(/../g) ?? []) : [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
};

async function checkRound(round: Json, given: Json, chain: Bytes): Promise<Json> {
  const schedule = unhex(given['schedule_hash']);
  const index = Number(round['round']);
  const rk = await roundKey(chain, schedule, index);
  const [sealA, sealB] = [await sealOf(rk, 'a', index), await sealOf(rk, 'b', index)];
  const verified =
    (await provesBothOpen(sealB, rk, 'a', index)) &&
    (await provesBothOpen(sealA, rk, 'b', index)) &&
    !(await provesBothOpen(sealA, rk, 'a', index)) &&
    !(await provesBothOpen(sealB, rk, 'b', index));
  return {
    round: index,
    chain_key: hex(chain),
    round_key: hex(rk),
    seal_a: verified ? hex(sealA) : 'not verified',
    seal_b: hex(sealB),
    token: hex(await tokenOf(sealA, sealB, index)),
    open_a: hex(await openAnswer(rk, 'a', index)),
    open_b: hex(await openAnswer(rk, 'b', index)),
    closed_a: hex(await closedAnswer(unhex(given['side_key_a']), schedule, index)),
    closed_b: hex(await closedAnswer(unhex(given['side_key_b']), schedule, index)),
  };
}

/** Works the case out from its `link`, `closes` and `side_key_*` alone. */
async function workOut(given: Json): Promise<Json> {
  const link = unhex(given['link']);
  const closes = given['closes'] as number[];
  const schedule = await scheduleOf(closes);
  const joinSecret = await joinSecretOf(link);
  const rounds: Json[] = [];
  const first = await firstChain(link, schedule);
  let chain = first;
  for (let round = 0; round < closes.length; round += 1) {
    if (round > 0) chain = await nextChain(chain, schedule, round);
    if (!equal(chain, await chainAt(first, schedule, 0, round))) throw new Error(`chain ${round} has two values`);
    const expected = (given['rounds'] as Json[])[round] ?? {};
    rounds.push(await checkRound(expected, { ...given, schedule_hash: hex(schedule) }, chain));
  }
  return {
    link: given['link'],
    closes,
    side_key_a: given['side_key_a'],
    side_key_b: given['side_key_b'],
    pair_id: hex(await pairIdOf(link)),
    join_secret: hex(joinSecret),
    join_hash: hex(await joinHashOf(joinSecret)),
    schedule_hash: hex(schedule),
    rounds,
  };
}

/** Compares value by value, so that a field that nobody worked out is a failure too. */
function compare(expected: unknown, actual: unknown, at: string, report: Report) {
  if (typeof expected === 'object' && expected !== null) {
    for (const [key, value] of Object.entries(expected)) {
      compare(value, (actual as Json | undefined)?.[key], `${at}.${key}`, report);
    }
    return;
  }
  report.checked += 1;
  if (expected !== actual) report.failures.push(`${at}: expected ${String(expected)}, got ${String(actual)}`);
}

/** @param vectors the content of `ajar1.json`. */
export async function checkVectors(vectors: unknown): Promise<Report> {
  const { protocol, encoding, cases } = vectors as { protocol: string; encoding: string; cases: Json[] };
  const report: Report = { cases: cases.length, checked: 0, failures: [] };
  compare(protocol, 'ajar/1', 'protocol', report);
  compare(encoding, 'hex', 'encoding', report);
  for (const [index, given] of cases.entries()) compare(given, await workOut(given), `cases.${index}`, report);
  // What travels as base64url comes back the same.
  for (const { link } of cases) compare(link, hex(unhex(link)), `link ${encode(unhex(link))}`, report);
  return report;
}
