/**
 * A phone with everything of the rounds in it as shipped, and the reminders that answering the rest ends: machines,
 * flows, runners, API and storage, joined as `app/room-*.tsx` and `app/session.ts` join them. Its server is real HTTP.
 */

import { vi } from 'vitest';
import type { Machine } from '../../src/app/machine';
import type * as keystoreModule from '../../src/keystore';
import type { Seat } from '../../src/keystore';
import type { AnswerEffect, AnswerEvent, AnswerNews, AnswerState } from '../../src/rounds/flow-answer';
import type { Home, HomeEffect, HomeEvent, HomeNews } from '../../src/rounds/flow-home';
import type { Result } from '../../src/api';
import type { View } from '../../src/wire';
import { openPage } from './page';

/** What a test may watch: called at the very moment. */
export interface Watch {
  /** A request leaves the page. */
  asks?: (method: string, path: string, body: string) => void;
  /** A reply has come whole. */
  hears?: (method: string, path: string, reply: string) => void;
  /** What home shows, whenever it changes. */
  shows?: (home: Home) => void;
  /** Home takes in what the server said. */
  views?: (result: Result<View>) => void;
}

export interface Opened {
  home: Machine<Home, HomeEvent | HomeNews>;
  answer: Machine<AnswerState, AnswerEvent | AnswerNews>;
  keystore: typeof keystoreModule;
  /** Until nothing is under way: no request, no write, no effect. */
  calm: () => Promise<void>;
}

const turn = () => new Promise((resolve) => void setImmediate(resolve));

export interface WholePhone {
  /** The page as it now stands. */
  readonly page: Opened;
  reload: () => Promise<void>;
  wake: () => void;
  /** Every timer of the app's rings, once: a phone that slept rings none twice. */
  ring: () => void;
}

/** The shortest delay that the app ever asks for, and one that no test lasts: milliseconds. */
const SECOND = 1000;
const NEVER = 2 ** 31 - 1;

/** Opens a phone that holds `seat`. Its clock is vitest's; its timers ring when the test says so. */
export async function openPhone(origin: string, seat: Seat, watch: Watch = {}): Promise<WholePhone> {
  const standIn = openPage(origin);
  const platform = { setTimeout, clearTimeout };
  const timers = new Map<NodeJS.Timeout, () => void>();
  vi.stubGlobal('setTimeout', (ring: () => void, delay: number, ...more: unknown[]) => {
    // Node's own HTTP client takes its time from here too: shorter, or with something to pass on.
    if (delay < SECOND || more.length > 0) return platform.setTimeout(ring, delay, ...more);
    const timer = platform.setTimeout(ring, NEVER).unref();
    timers.set(timer, ring);
    return timer;
  });
  vi.stubGlobal('clearTimeout', (timer: NodeJS.Timeout) => {
    timers.delete(timer);
    platform.clearTimeout(timer);
  });
  const ring = () => {
    const due = [...timers];
    stop();
    for (const [, each] of due) each();
  };
  const stop = () => {
    for (const timer of timers.keys()) platform.clearTimeout(timer);
    timers.clear();
  };
  let underWay = 0;
  const send = globalThis.fetch as unknown as (path: string, init: RequestInit) => Promise<Response>;
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const method = init.method ?? 'GET';
    const body = typeof init.body === 'string' ? init.body : '';
    watch.asks?.(method, path, body);
    underWay += 1;
    try {
      const reply = await send(path, init);
      const text = await reply.text();
      watch.hears?.(method, path, text);
      const { status, headers } = reply;
      return new Response(status === 204 ? null : text, { status, headers });
    } finally {
      underWay -= 1;
    }
  });

  async function load(first: boolean): Promise<Opened> {
    vi.resetModules();
    const keystore = await import('../../src/keystore');
    const { machine } = await import('../../src/app/machine');
    const { newHome, reduceHome } = await import('../../src/rounds/flow-home');
    const { runHome } = await import('../../src/rounds/run-home');
    const { reduceAnswer } = await import('../../src/rounds/flow-answer');
    const { runAnswer } = await import('../../src/rounds/run-answer');
    const { askedOf } = await import('../../src/rounds/rules');
    const { newReminders, reduceReminders } = await import('../../src/reminders/flow');
    const { runReminders } = await import('../../src/reminders/run');
    await keystore.openKeystore();
    if (first) await keystore.change(() => ({ seat }));
    let effects = 0;
    const home = machine<Home, HomeEvent | HomeNews, HomeEffect>(
      newHome,
      (state, event, now) => {
        if (event.type === 'viewed') watch.views?.(event.result);
        return reduceHome(state, event, now);
      },
      (effect, tell) => {
        effects += 1;
        runHome(effect, tell);
      },
    );
    home.state.subscribe((state) => watch.shows?.(state));
    const reminders = machine(newReminders, reduceReminders, runReminders);
    const nothing: AnswerState = { step: 'nothing' };
    const answer = machine<AnswerState, AnswerEvent | AnswerNews, AnswerEffect>(
      nothing,
      reduceAnswer,
      runAnswer({
        asked: () => askedOf(home.state.peek()),
        refresh: () => home.send({ type: 'refresh' }),
        silence: () => reminders.send({ type: 'silence' }),
      }),
    );
    home.send({ type: 'seat', seat: keystore.kept('seat') });
    // Home carries out one thing after the other: once this has come through, so has all before it.
    const through = () => new Promise<void>((done) => runHome({ type: 'looked', round: -1 }, () => done()));
    const calm = async () => {
      for (let quiet = 0; quiet < 3;) {
        const before = effects;
        await turn();
        if (keystore.kept('seat') !== null) await through();
        const busy = underWay > 0 || effects !== before || answer.state.peek().step === 'sending';
        quiet = busy ? 0 : quiet + 1;
      }
    };
    await calm();
    return { home, answer, keystore, calm };
  }

  let page = await load(true);
  return {
    get page() {
      return page;
    },
    reload: async () => {
      // The timers and listeners of a page go with it.
      stop();
      standIn.reload();
      page = await load(false);
    },
    wake: standIn.wake,
    ring,
  };
}
