/**
 * Protocol, section 2, 4, on the phone: once sent, an answer cannot be read back, nor whether there is one. The same
 * history is lived by the shipped code twice, with every choice swapped, and once without sending anything; what the
 * page holds afterwards, all of it, is compared.
 */

import fc from 'fast-check';
import type { VNode } from 'preact';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Seat } from '../../src/keystore';
import type { AnswerEvent, AnswerNews, AnswerState, Choice } from '../../src/rounds/flow-answer';
import { Choices } from '../../src/ui/form';
import { Ruler } from '../../src/ui/ruler';
import { LONGEST, many, says } from '../proof';
import { noise, seatOf, viewOf } from '../stand-ins/pair';
import { startServer, type Asked, type Reply } from '../stand-ins/server';
import { openPhone, type WholePhone } from '../stand-ins/whole-phone';

const START = 1_800_000_000;
const CLOSES = [START + 3600, START + 7200, START + 10_800];

/** What the server does with an upload. */
const PUTS = {
  taken: { status: 204 },
  cut: 'cut',
  error: { status: 500 },
  round_closed: { status: 409, body: { error: { code: 'round_closed', message: '' } } },
  out_of_order: { status: 409, body: { error: { code: 'out_of_order', message: '' } } },
  no_pair: { status: 401, body: { error: { code: 'no_pair', message: '' } } },
} satisfies Record<string, Reply>;
type Put = keyof typeof PUTS;

type Happens =
  | { is: 'does'; event: AnswerEvent | Extract<AnswerNews, { type: 'open' | 'left' }> }
  /** From home to *Send*, and the screen left or not. */
  | { is: 'answers'; choice: Choice; rest: boolean; puts: Put[]; leaves: boolean }
  | { is: 'clock'; at: number }
  | { is: 'wake' }
  | { is: 'looks' }
  | { is: 'reload' };

const choice = fc.constantFrom<Choice>('open', 'closed');
const puts = fc.array(fc.constantFrom(...(Object.keys(PUTS) as Put[])), { maxLength: 2 });
const does = fc.oneof(
  fc.constantFrom<(Happens & { is: 'does' })['event']>(
    { type: 'open', stop: false },
    { type: 'open', stop: true },
    { type: 'rated' },
    { type: 'back' },
    { type: 'scope', scope: 'rest' },
    { type: 'send' },
    { type: 'stop' },
    { type: 'again' },
    { type: 'left' },
  ),
  choice.map((picked) => ({ type: 'choose' as const, choice: picked })),
);
const happens: fc.Arbitrary<Happens> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ is: fc.constant('does' as const), event: does }) },
  {
    weight: 5,
    arbitrary: fc.record({
      is: fc.constant('answers' as const),
      choice,
      rest: fc.boolean(),
      puts,
      leaves: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      is: fc.constant('clock' as const),
      at: fc.constantFrom(START, ...CLOSES.map((c) => c + 5)),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ is: 'wake' as const }) },
  { weight: 1, arbitrary: fc.constant({ is: 'looks' as const }) },
  { weight: 1, arbitrary: fc.constant({ is: 'reload' as const }) },
);

const SWAPPED: Record<Choice, Choice> = { open: 'closed', closed: 'open' };
type Told = 'as chosen' | 'swapped' | 'nothing sent';

/** Everything that the page holds: what its screens are drawn from, and all storage that a page has. */
interface Page {
  home: unknown;
  answer: AnswerState;
  kept: unknown;
  databases: unknown;
  local: string[];
}

async function everything({ page }: WholePhone): Promise<Page> {
  const databases = await indexedDB.databases();
  return {
    home: page.home.state.peek(),
    answer: page.answer.state.peek(),
    kept: (['seat', 'pending', 'reminders', 'language', 'config'] as const).map((name) => page.keystore.kept(name)),
    databases: await Promise.all(databases.map(({ name }) => contentOf(name!))),
    local: Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index)!),
  };
}

/** Every store, key and value of a database. */
async function contentOf(name: string): Promise<unknown> {
  const done = <T,>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.addEventListener('success', () => resolve(request.result));
      request.addEventListener('error', () => reject(request.error!));
    });
  const database = await done(indexedDB.open(name));
  const stores: unknown[] = [];
  for (const store of database.objectStoreNames) {
    const objects = database.transaction(store).objectStore(store);
    stores.push([store, await done(objects.getAllKeys()), await done(objects.getAll())]);
  }
  database.close();
  return [name, database.version, stores];
}

const counted = { histories: 0, compared: 0, ended: { sent: 0, late: 0, refused: 0, unknown: 0 } };

/** Lives one history; returns what the page held after each event. */
async function live(seat: Seat, history: readonly Happens[], told: Told): Promise<Page[]> {
  vi.setSystemTime(START * 1000);
  let next: Put[] = [];
  // Alike in all lives: noise for what has closed by the phone's clock, as of a partner who is never open.
  const server = await startServer(({ method, path }: Asked): Reply => {
    if (path === '/api/reminders') return { status: 204 };
    if (method === 'PUT') return PUTS[next.shift() ?? 'taken'];
    const now = Math.floor(Date.now() / 1000);
    return { status: 200, body: viewOf(seat, { now, seals: CLOSES.map((c) => (c <= now ? SEAL : null)) }) };
  });
  try {
    const phone = await openPhone(server.origin, seat);
    const send = (event: AnswerEvent | AnswerNews) => {
      if (told === 'nothing sent' && (event.type === 'send' || event.type === 'stop')) return;
      const swaps = told === 'swapped' && event.type === 'choose';
      phone.page.answer.send(swaps ? { ...event, choice: SWAPPED[event.choice] } : event);
    };
    const after: Page[] = [];
    for (const event of history) {
      next = [];
      switch (event.is) {
        case 'does':
          send(event.event);
          break;
        case 'answers':
          next = [...event.puts];
          send({ type: 'open', stop: false });
          send({ type: 'rated' });
          send({ type: 'choose', choice: event.choice });
          if (event.rest) send({ type: 'scope', scope: 'rest' });
          send({ type: 'send' });
          await phone.page.calm();
          if (told === 'as chosen') counts(phone.page.answer.state.peek());
          if (event.leaves) send({ type: 'left' });
          break;
        case 'clock':
          vi.setSystemTime(event.at * 1000);
          break;
        case 'wake':
          phone.wake();
          break;
        case 'looks':
          phone.page.home.send({ type: 'refresh' });
          break;
        case 'reload':
          await phone.reload();
      }
      await phone.page.calm();
      // As when the person comes back to the app: not to answer is not to look either.
      phone.page.home.send({ type: 'refresh' });
      await phone.page.calm();
      after.push(await everything(phone));
    }
    return after;
  } finally {
    await server.close();
  }
}

const SEAL = noise();

function counts({ step }: AnswerState) {
  if (step === 'sent' || step === 'late' || step === 'refused' || step === 'unknown') counted.ended[step] += 1;
}

/** What a state that follows sending may consist of: nothing here can be *open* or *closed*. */
const SAID = ['step', 'round', 'closesAt', 'remaining', 'lost', 'scope', 'why', 'clock', 'code'];

beforeEach(() => {
  vi.useFakeTimers({ now: START * 1000, toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test(
  'after sending, everything the page holds is the same for open and closed, and all but its screen as if nothing was sent',
  async () => {
    const seat = await seatOf('a', CLOSES);
    await fc.assert(
      fc.asyncProperty(fc.array(happens, { minLength: 2, maxLength: 10 }), async (history) => {
        const chosen = await live(seat, history, 'as chosen');
        const swapped = await live(seat, history, 'swapped');
        const nothing = await live(seat, history, 'nothing sent');
        chosen.forEach((page, index) => {
          const { step } = page.answer;
          if (step === 'choose') {
            // Not sent yet: the screen shows what is picked, and nothing but the screen.
            expect({ ...swapped[index], answer: null }).toEqual({ ...page, answer: null });
          } else {
            expect(swapped[index]).toEqual(page);
            for (const name of Object.keys(page.answer)) expect(SAID).toContain(name);
          }
          expect({ ...nothing[index], answer: null }).toEqual({ ...page, answer: null });
          counted.compared += 1;
        });
        counted.histories += 1;
      }),
      {
        numRuns: many(15, 150),
        // Each way that a sending can end, whatever else is tried.
        examples: (['taken', 'cut', 'round_closed', 'no_pair'] as const).map((put): [Happens[]] => [
          [{ is: 'answers', choice: 'open', rest: false, puts: [put], leaves: false }],
        ]),
      },
    );
    const { histories, compared, ended } = counted;
    for (const times of Object.values(ended)) expect(times).toBeGreaterThan(0);
    says(
      'No receipt',
      `in the app: ${histories} histories lived with each answer and with none, ${compared} pages compared ` +
        `(${ended.sent} sent, ${ended.late} late, ${ended.refused} refused, ${ended.unknown} unknown), 0 differ`,
    );
  },
  many(60_000, LONGEST),
);

test(
  'once its screen is left, a page in which an answer arrived is the page in which none was sent',
  async () => {
    const seat = await seatOf('a', CLOSES);
    const answers = fc.record({
      is: fc.constant('answers' as const),
      choice,
      rest: fc.boolean(),
      puts: fc.constant<Put[]>([]),
      leaves: fc.constant(true),
    });
    // Nothing that the server does differently: whoever answered hears the same as who did not.
    await fc.assert(
      fc.asyncProperty(fc.array(answers, { minLength: 1, maxLength: 3 }), async (history) => {
        const nothing = await live(seat, [{ is: 'looks' }, ...history], 'nothing sent');
        for (const told of ['as chosen', 'swapped'] as const)
          expect((await live(seat, [{ is: 'looks' }, ...history], told)).slice(1)).toEqual(nothing.slice(1));
      }),
      { numRuns: many(5, 50) },
    );
  },
  many(60_000, LONGEST),
);

/** All elements of a drawn tree. */
function* drawn(node: unknown): Generator<VNode<Record<string, unknown>>> {
  if (Array.isArray(node)) for (const each of node) yield* drawn(each);
  else if (typeof node === 'object' && node !== null && 'props' in node) {
    const element = node as VNode<Record<string, unknown>>;
    yield element;
    yield* drawn(element.props['children']);
  }
}

test('no browser is asked to remember what is picked: it would stand in its session’s file', () => {
  const picked = { legend: '', value: 'open', onPick: () => undefined };
  const screens = [
    Choices({ ...picked, name: 'answer', options: [['open', ''] as const, ['closed', ''] as const] }),
    Ruler({ legend: '', low: '', high: '', value: 7, onPick: () => undefined }),
  ];
  for (const screen of screens) {
    const inputs = [...drawn(screen)].filter(({ type }) => type === 'input');
    expect(inputs.length).toBeGreaterThan(1);
    for (const { props } of inputs) expect(props['autocomplete']).toBe('off');
  }
});
