/**
 * Protocol, section 2, 3, on the phone: whatever its server says, a phone shows *both open* only when Bob's own
 * seal for exactly that round has reached it; it answers only what its own clock and schedule allow; a lie about
 * the run is said to be one; and nothing is missed once the truth is told.
 *
 * Longer than most: the model and what it holds the phone to are read together.
 */

import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { decode, encode } from '../../src/crypto/encoding';
import { closedAnswer, openAnswer, roundKey } from '../../src/crypto/protocol';
import type { Result } from '../../src/api';
import type { Seat } from '../../src/keystore';
import type { Choice, Scope } from '../../src/rounds/flow-answer';
import type { Home, Outcome, Problem } from '../../src/rounds/flow-home';
import type { View } from '../../src/wire';
import { LONGEST, many, says } from '../proof';
import { ARRIVALS, liarTo, SEALS, type Liar, type SealKind, type Story } from '../stand-ins/lies';
import { chainKey, LINK, seatOf } from '../stand-ins/pair';
import { startServer, type Asked, type Reply, type TinyServer } from '../stand-ins/server';
import { openPhone, type WholePhone } from '../stand-ins/whole-phone';

const START = 1_800_000_000;
const HOUR = 3600;
const CLOSES = [START + HOUR, START + 2 * HOUR, START + 3 * HOUR];
const YEAR_9999 = 253_402_300_799;

const refusal = (status: number, code: string): Reply => ({ status, body: { error: { code, message: code } } });
const PUTS = {
  taken: { status: 204 },
  cut: 'cut',
  error: { status: 500 },
  elsewhere: { status: 307, headers: { location: '/api/answers?elsewhere' } },
  round_closed: refusal(409, 'round_closed'),
  out_of_order: refusal(409, 'out_of_order'),
  busy: refusal(429, 'too_many_requests'),
  no_pair: refusal(401, 'no_pair'),
} satisfies Record<string, Reply>;

/** One thing that happens. */
type Happens =
  /** Bob's phone uploads *open*: from now on the server holds his seal. */
  | { is: 'bob'; round: number }
  /** The phone looks as often as there are stories, at once; each reply tells another one. */
  | { is: 'look'; stories: Story[] }
  /** This phone's clock is moved, either way; forward its timers ring. */
  | { is: 'clock'; at: number }
  | { is: 'answer'; choice: Choice; scope: Scope; puts: (keyof typeof PUTS)[]; meanwhile: Happens | null }
  | { is: 'wake' }
  | { is: 'reload' }
  | { is: 'opened'; round: number };

const mostly = <T>(value: T, others: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: others });
const instants = fc.constantFrom(
  START,
  ...CLOSES.flatMap((close) => [close - 1, close, close + 5]),
  START - 30 * 24 * HOUR,
  START + 400 * 24 * HOUR,
);
const stories: fc.Arbitrary<Story> = fc.record({
  seals: fc.array(fc.oneof(fc.constantFrom('none' as const, 'bobs' as const), fc.constantFrom(...SEALS)), {
    minLength: 3,
    maxLength: 3,
  }),
  pair: mostly('own', fc.constant('another')),
  side: mostly('own', fc.constant('other')),
  closes: mostly('own', fc.constantFrom('later', 'fewer', 'descending')),
  now: fc.oneof(instants, fc.constantFrom(0, YEAR_9999, Number.MAX_SAFE_INTEGER)),
  lost: fc.subarray([0, 1, 2]),
  ended: mostly<View['ended']>(null, fc.constantFrom('finished', 'decided')),
  arrives: mostly('whole', fc.constantFrom(...ARRIVALS)),
});
const round = fc.nat(2);
const look = fc.record({
  is: fc.constant('look' as const),
  stories: fc.array(stories, { minLength: 1, maxLength: 3 }),
});
const clock = fc.record({ is: fc.constant('clock' as const), at: instants });
const happens: fc.Arbitrary<Happens> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ is: fc.constant('bob' as const), round }) },
  { weight: 4, arbitrary: look },
  { weight: 3, arbitrary: clock },
  {
    weight: 5,
    arbitrary: fc.record({
      is: fc.constant('answer' as const),
      choice: fc.constantFrom<Choice>('open', 'closed'),
      scope: mostly<Scope>('round', fc.constant('rest')),
      puts: fc.array(fc.constantFrom(...(Object.keys(PUTS) as (keyof typeof PUTS)[])), { maxLength: 3 }),
      meanwhile: fc.option(fc.oneof<fc.Arbitrary<Happens>[]>(look, clock), { nil: null }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ is: 'wake' as const }) },
  { weight: 1, arbitrary: fc.constant({ is: 'reload' as const }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('opened' as const), round }) },
);

/** The truth about a run of which everything that closed was quiet but where `bobs` stands. */
const truth = (now: number, seals: Story['seals']): Story => ({
  seals,
  pair: 'own',
  side: 'own',
  closes: 'own',
  now,
  lost: [],
  ended: null,
  arrives: 'whole',
});

const told = (change: Partial<Story> = {}): Story => ({ ...truth(START, ['none', 'none', 'none']), ...change });
const roundCloses: Happens = { is: 'clock', at: CLOSES[0]! + 5 };
const early: Happens = { is: 'look', stories: [told({ seals: ['bobs', 'none', 'none'] })] };
const answering = (meanwhile: Happens | null): Happens => ({
  is: 'answer',
  choice: 'open',
  scope: 'round',
  puts: [],
  meanwhile,
});
/** Tried every time, whatever else is: each is one lie that must not pass. */
const ALWAYS: Happens[][] = [
  ...SEALS.map((kind): Happens[] => [roundCloses, { is: 'look', stories: [told({ seals: [kind, 'none', 'none'] })] }]),
  [
    { is: 'bob', round: 0 },
    roundCloses,
    { is: 'look', stories: [told({ seals: ['bobs_misspelled', 'none', 'none'] })] },
  ],
  [{ is: 'bob', round: 0 }, answering(null), early, roundCloses],
  [{ is: 'look', stories: [told(), told({ closes: 'later' })] }],
  [{ is: 'look', stories: [told(), told({ side: 'other' })] }],
  [{ is: 'look', stories: [told(), told({ pair: 'another' })] }],
  [answering(early)],
  [answering(roundCloses)],
];

const counted = { histories: 0, views: 0, answers: 0, both: 0, problems: 0 };

/** What the whole phone is held to, in one history. */
class Trial {
  readonly seat: Seat;
  readonly liar: Liar;
  phone!: WholePhone;
  server!: TinyServer;
  #told: Story[] = [truth(START, ['none', 'none', 'none'])];
  #puts: (keyof typeof PUTS)[] = [];
  /** Rounds of which Bob's true seal has reached this phone in its place. */
  #proved = new Set<number>();
  /** The highest round that a view of this seat, read whole, showed closed. */
  #seenClosed = -1;
  #sending: { round: number; choice: Choice; scope: Scope } | null = null;
  #lastPut = { n: 0, body: '' };
  #problem: Problem | null = null;
  #found: unknown = null;
  /** What each round should have come to. */
  expected: (Outcome | null)[] = CLOSES.map(() => null);
  #fixed: Record<Choice, string>[] = [];

  constructor(seat: Seat, liar: Liar) {
    this.seat = seat;
    this.liar = liar;
  }

  async open() {
    const sideKey = decode(this.seat.sideKey, 32)!;
    const schedule = decode(this.seat.schedule, 32)!;
    for (const index of CLOSES.keys()) {
      const rk = await roundKey(await chainKey(CLOSES, index), schedule, index);
      this.#fixed.push({
        open: encode(await openAnswer(rk, 'a', index)),
        closed: encode(await closedAnswer(sideKey, schedule, index)),
      });
    }
    this.server = await startServer((asked) => this.#reply(asked));
    this.phone = await openPhone(this.server.origin, this.seat, {
      asks: (method, path, body) => this.#judge(() => this.#asks(method, path, body)),
      hears: (method, path, text) => this.#judge(() => this.#hears(method, path, text)),
      shows: (home) => this.#judge(() => this.#shows(home)),
      views: (result) => this.#judge(() => this.#views(result)),
    });
  }

  /** What is found amid the app's own work, where an error would be taken for one of the app's: told when all is calm. */
  #judge(judgement: () => void) {
    try {
      judgement();
    } catch (error) {
      this.#found ??= error;
    }
  }

  #reply(asked: Asked): Reply {
    this.#judge(() => expect(asked.path, 'nothing is fetched elsewhere').not.toContain('elsewhere'));
    if (asked.path === '/api/reminders') return { status: 204 };
    if (asked.method === 'PUT') return PUTS[this.#puts.shift() ?? 'taken'];
    return this.liar.reply(this.#told.length > 1 ? this.#told.shift()! : this.#told[0]!);
  }

  /** The moment at which an answer leaves. */
  #asks(method: string, path: string, body: string) {
    if (path === '/api/reminders') expect(body, 'the rest is answered').toBe('{"at":[]}');
    if (method !== 'PUT' || path === '/api/reminders') return;
    expect(path).toBe('/api/answers');
    counted.answers += 1;
    const { n, answers } = JSON.parse(body) as { n: number; answers: { round: number; body: string }[] };
    const sending = this.#sending!;
    const last = sending.scope === 'rest' ? CLOSES.length - 1 : sending.round;
    const rounds = CLOSES.map((_, index) => index).slice(sending.round, last + 1);
    // The round that the person saw, the answer they chose, under this phone's own schedule.
    expect(answers).toEqual(rounds.map((index) => ({ round: index, body: this.#fixed[index]![sending.choice] })));
    expect(Date.now(), 'its own clock is before the close').toBeLessThan(CLOSES[sending.round]! * 1000);
    expect(sending.round, 'above all it has seen closed').toBeGreaterThan(this.#seenClosed);
    expect(Number.isSafeInteger(n)).toBe(true);
    expect(n > this.#lastPut.n || body === this.#lastPut.body, 'n rises, or it is the same again').toBe(true);
    this.#lastPut = { n, body };
  }

  #hears(method: string, path: string, text: string) {
    if (method !== 'GET' || path !== '/api/pair') return;
    let view: View;
    try {
      view = JSON.parse(text) as View;
    } catch {
      return;
    }
    if (this.#lieIn(view) !== null || view.seals.length !== CLOSES.length) return;
    view.seals.forEach((seal, index) => {
      if (seal === this.liar.bobs(index) && this.liar.bobIsOpen.has(index)) this.#proved.add(index);
    });
  }

  #lieIn(view: View): Problem | null {
    if (view.pair_id !== this.seat.pairId || view.side !== 'a') return 'seat_differs';
    return JSON.stringify(view.closes) === JSON.stringify(CLOSES) ? null : 'closes_differ';
  }

  /** Home takes in a view: what must come of it, by this phone's clock. */
  #views(result: Result<View>) {
    counted.views += 1;
    if (result.kind === 'refused') this.#problem = Date.now() < this.#erasedAt() ? 'seat_missing' : 'erased';
    if (result.kind !== 'ok') return;
    const view = result.value;
    this.#problem = this.#lieIn(view);
    if (this.#problem !== null) return;
    this.#seenClosed = Math.max(
      this.#seenClosed,
      view.seals.findLastIndex((seal) => seal !== null && decode(seal, 32) !== null),
    );
    for (;;) {
      const index = this.expected.indexOf(null);
      const seal = view.seals[index];
      if (index === -1 || this.expected.includes('both') || !seal || CLOSES[index]! * 1000 > Date.now()) return;
      if (decode(seal, 32) === null) return;
      const both = seal === this.liar.bobs(index) && this.liar.bobIsOpen.has(index);
      this.expected[index] = both ? 'both' : view.lost.includes(index) ? 'uncounted' : 'quiet';
    }
  }

  #erasedAt() {
    const matched = this.expected.indexOf('both');
    return (CLOSES.at(matched)! + 14 * 24 * HOUR) * 1000;
  }

  /** At every moment, not only when all is calm. */
  #shows({ shown, seat }: Home) {
    const closed = shown.kind === 'running' || shown.kind === 'over' ? shown.closed : [];
    const both = closed.filter(({ outcome }) => outcome === 'both').map((one) => one.round);
    const stored = seat?.outcomes.flatMap((one, index) => (one?.outcome === 'both' ? [index] : [])) ?? [];
    for (const index of [...both, ...stored]) expect(this.#proved, 'no forged yes').toContain(index);
    if (shown.kind === 'over' && shown.ended === 'both') expect(both).toHaveLength(1);
  }

  async happens(event: Happens): Promise<void> {
    const { page } = this.phone;
    switch (event.is) {
      case 'bob':
        this.liar.bobIsOpen.add(event.round);
        return;
      case 'look':
        this.#told = [...event.stories];
        for (const _ of event.stories) page.home.send({ type: 'refresh' });
        break;
      case 'clock': {
        const forward = event.at * 1000 > Date.now();
        vi.setSystemTime(event.at * 1000);
        if (forward) this.phone.ring();
        break;
      }
      case 'answer': {
        page.answer.send({ type: 'open', stop: false });
        page.answer.send({ type: 'rated' });
        page.answer.send({ type: 'choose', choice: event.choice });
        page.answer.send({ type: 'scope', scope: event.scope });
        if (event.meanwhile !== null) await this.happens(event.meanwhile);
        const saw = page.answer.state.peek();
        if (saw.step === 'choose') {
          this.#sending = { round: saw.round, choice: event.choice, scope: event.scope };
          this.#puts = [...event.puts];
        }
        page.answer.send({ type: 'send' });
        await page.calm();
        page.answer.send({ type: 'left' });
        break;
      }
      case 'wake':
        this.phone.wake();
        break;
      case 'reload':
        await this.phone.reload();
        this.#lastPut = { n: 0, body: '' };
        this.#problem = null;
        break;
      case 'opened':
        page.home.send({ type: 'looked', round: event.round });
        break;
    }
    await this.phone.page.calm();
    await this.holds();
  }

  /** What must hold whenever all is calm. */
  async holds() {
    if (this.#found !== null) throw this.#found;
    const { home, keystore } = this.phone.page;
    const { seat } = await keystore.change(() => ({}));
    expect(seat?.outcomes.map((one) => one?.outcome ?? null)).toEqual(this.expected);
    expect(seat!.highestClosed).toBe(this.#seenClosed);
    // No key before the lowest unresolved round is left, and that one is there, until all is over.
    const matched = this.expected.indexOf('both');
    const at = matched === -1 ? this.expected.indexOf(null) : matched;
    expect(seat!.chain).toEqual(at === -1 ? null : { round: at, key: encode(await chainKey(CLOSES, at)) });
    const everything = JSON.stringify(await keystore.change(() => ({})));
    expect(everything).not.toContain(encode(LINK));
    for (let index = 0; index < (at === -1 ? CLOSES.length : at); index += 1)
      expect(everything).not.toContain(encode(await chainKey(CLOSES, index)));
    const { shown } = home.state.peek();
    if (this.#problem === null) expect(shown.kind).not.toBe('problem');
    else {
      counted.problems += 1;
      expect(shown).toEqual({ kind: 'problem', problem: this.#problem });
    }
  }

  /** The server repents: Bob was open in the lowest unresolved round, and it says so at last. */
  async truthIsTold() {
    const lowest = this.expected.includes('both') ? -1 : this.expected.indexOf(null);
    if (lowest !== -1) this.liar.bobIsOpen.add(lowest);
    const end = CLOSES.at(-1)! + 5;
    if (Date.now() < end * 1000) await this.happens({ is: 'clock', at: end });
    const seals = CLOSES.map((_, index): SealKind => (index === lowest ? 'bobs' : 'noise'));
    // In two parts: its clock's timers may just have brought another story.
    if (this.expected[lowest] === null) await this.happens({ is: 'look', stories: [truth(end, seals)] });
    if (this.expected[lowest] !== 'both') return;
    counted.both += 1;
    expect(this.phone.page.home.state.peek().shown).toMatchObject({ kind: 'over', ended: 'both' });
  }
}

beforeEach(() => {
  vi.useFakeTimers({ now: START * 1000, toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test(
  'whatever a server says, no yes is forged, none is missed, and nothing is sent that may not be',
  async () => {
    const seat = await seatOf('a', CLOSES);
    await fc.assert(
      fc.asyncProperty(fc.array(happens, { minLength: 3, maxLength: 14 }), async (history) => {
        vi.setSystemTime(START * 1000);
        const trial = new Trial(seat, await liarTo(seat));
        await trial.open();
        try {
          await trial.holds();
          for (const event of history) await trial.happens(event);
          await trial.truthIsTold();
          counted.histories += 1;
        } finally {
          await trial.server.close();
        }
      }),
      { numRuns: many(50, 1000), examples: ALWAYS.map((history): [Happens[]] => [history]) },
    );
    expect(counted.both).toBeGreaterThan(counted.histories / 10);
    const { histories, views, answers, both, problems } = counted;
    says(
      'No forged yes',
      `on the phone: ${histories} histories of a server that lies, ${views} views, ${answers} answers sent, ` +
        `${problems} times a lie was said to be one, both open shown when true ${both} times, forged 0`,
    );
  },
  many(60_000, LONGEST),
);
