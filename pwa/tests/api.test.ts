import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { getConfig, getPair, joinPair, putAnswers, putReminders } from '../src/api';
import { openPage } from './stand-ins/page';
import { startServer, type Reply, type TinyServer } from './stand-ins/server';

const seal = 'A'.repeat(43);
const view = {
  pair_id: 'A'.repeat(22),
  side: 'a',
  wording: 'marriage',
  closes: [10, 20],
  seals: [seal, null],
  lost: [],
  ended: null,
  now: 15,
};

let server: TinyServer;
let reply: Reply = { status: 204 };

beforeEach(async () => {
  server = await startServer(() => reply);
  openPage(server.origin);
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await server.close();
});

test('a view is read, and what it may say one day besides is left aside', async () => {
  reply = { status: 200, body: { ...view, more: 1 } };
  expect(await getPair()).toEqual({ kind: 'ok', value: view });
});

const wrongViews: [string, unknown][] = [
  ['no object', []],
  ['a missing field', { ...view, now: undefined }],
  ['a foreign side', { ...view, side: 'c' }],
  ['a short pair id', { ...view, pair_id: 'AA' }],
  ['closes that do not ascend', { ...view, closes: [20, 10] }],
  ['no closes', { ...view, closes: [], seals: [] }],
  ['thirteen closes', { ...view, closes: Array.from({ length: 13 }, (_, at) => at), seals: Array(13).fill(null) }],
  ['a seal too few', { ...view, seals: [seal] }],
  ['a seal of 31 bytes', { ...view, seals: ['A'.repeat(42), null] }],
  ['a padded seal', { ...view, seals: [`${seal}=`, null] }],
  ['a fraction of a second', { ...view, now: 1.5 }],
  ['a number as text', { ...view, now: '15' }],
  ['an unheard-of end', { ...view, ended: 'won' }],
  ['null', null],
];
test.each(wrongViews)('a view with %s is an unreadable reply, not a crash', async (_, body) => {
  reply = { status: 200, body };
  expect(await getPair()).toEqual({ kind: 'unknown' });
});

test.each<[string, Reply]>([
  ['a cut connection', 'cut'],
  ['500', { status: 500, body: { error: { code: 'x', message: 'x' } } }],
  ['503', { status: 503, body: { error: { code: 'unavailable', message: 'x' } } }],
  ['a page in place of JSON', { status: 200, body: '<!doctype html>' }],
  ['a refusal that is none of ours', { status: 403, body: 'Forbidden' }],
  ['a redirect', { status: 302, headers: { location: 'https://example.org/' } }],
])('after %s nobody knows whether the server acted', async (_, given) => {
  reply = given;
  expect(await putReminders([1])).toEqual({ kind: 'unknown' });
});

test('a refusal carries its code and its sentence', async () => {
  reply = { status: 409, body: { error: { code: 'round_closed', message: 'The round has closed.' } } };
  const refused = { kind: 'refused', code: 'round_closed', message: 'The round has closed.' };
  expect(await putAnswers({ n: 1, answers: [{ round: 0, body: 'x' }] })).toEqual(refused);
});

test('a reply is awaited ten seconds', async () => {
  // The real timer of the platform is asked how long; nobody waits for it here.
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
  reply = 'never';
  expect(await getPair()).toEqual({ kind: 'unknown' });
  expect(timeout).toHaveBeenCalledWith(10_000);
  timeout.mockRestore();
});

test('requests are the protocol’s: method, path, JSON, and nothing besides', async () => {
  reply = { status: 204 };
  await putAnswers({ n: 7, answers: [{ round: 0, body: 'b' }] });
  await putReminders([]);
  reply = { status: 410, body: { error: { code: 'invitation_gone', message: 'x' } } };
  await joinPair('PAIR', { join_secret: 's', claim: 'c' });
  expect(server.asked.map(({ method, path, body }) => [method, path, body])).toEqual([
    ['PUT', '/api/answers', '{"n":7,"answers":[{"round":0,"body":"b"}]}'],
    ['PUT', '/api/reminders', '{"at":[]}'],
    ['POST', '/api/invitations/PAIR/join', '{"join_secret":"s","claim":"c"}'],
  ]);
  expect(server.asked[0]?.headers['content-type']).toBe('application/json');
});

test('a configuration is read with help lines that lack what they lack', async () => {
  const line = { country: 'DE', kind: 'crisis', name: 'N', phone: '1', text: null, whatsapp: null };
  const config = {
    push_key: 'A'.repeat(87),
    operator: null,
    contact: 'c',
    support: { checked: '2026-11-22', lines: [{ ...line, url: null, hours: null, note: null }] },
    leave_url: 'https://example.org/',
    version: '0',
    build: 'b',
    access_code: false,
    min_interval: 3600,
    trial: false,
  };
  reply = { status: 200, body: config };
  expect(await getConfig()).toEqual({ kind: 'ok', value: config });
  reply = { status: 200, body: { ...config, push_key: 'A' } };
  expect(await getConfig()).toEqual({ kind: 'unknown' });
});
