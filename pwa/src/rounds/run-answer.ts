/** Sends answers (protocol, sections 3 and 5). Nothing of what is sent is stored, not even that it was. */

import { getPair, putAnswers, type Result } from '../api';
import { now } from '../clock';
import { encode } from '../crypto/encoding';
import { chainAt, closedAnswer, nextChain, openAnswer, roundKey } from '../crypto/protocol';
import { insist, type Definite } from '../insist';
import { kept, type Seat } from '../keystore';
import type { View } from '../wire';
import type { Asked, AnswerEffect, AnswerEvent, AnswerNews, Choice, Late } from './flow-answer';
import { problemOf } from './rules';
import { clockAhead, heard, serverNow } from './server-time';
import { sawClosed, stored } from './settle';

type Send = (event: AnswerEvent | AnswerNews) => void;
type Sending = Extract<AnswerEffect, { type: 'send' }>;

/** What the shell lends this domain. */
export interface AnswerShell {
  /** The round that can be answered now, as home has it. */
  asked: () => Asked | null;
  /** The run may be other than home shows: look again. */
  refresh: () => void;
  /** End this phone's reminders. */
  silence: () => void;
}

/**
 * How far `n` goes once it was behind: milliseconds. So far, what was taken may have been sent before this by another
 * page of this phone: the server tells its clock in whole seconds, and two pages may read it a second apart. What lies
 * further ahead was said later, and stands until the person has been told and has answered anew. Then each step is a
 * thousand times as far, for a server whose clock was once years ahead: that must not shut this phone out for years.
 */
const STEP_AHEAD = 2_000;
const TOO_FAR = 2 ** 52;

/** The person was told that a later answer stands. */
let told = false;

let lastN = 0;

/** Rises with every sending of this page, and follows the server's clock. */
function nextN(raise: number): number {
  lastN = Math.max((serverNow() ?? 0) + raise, lastN + 1);
  return lastN;
}

/** One body a round. Both answers are made for each, whichever is sent, so that neither takes longer. */
async function bodies(seat: Seat, from: number, to: number, choice: Choice) {
  const schedule = stored(seat.schedule, 32);
  const sideKey = stored(seat.sideKey, 32);
  const first = seat.chain ?? { round: from, key: '' };
  let chain = await chainAt(stored(first.key, 32), schedule, first.round, from);
  const made: { round: number; body: string }[] = [];
  for (let round = from; round <= to; round += 1) {
    if (round > from) chain = await nextChain(chain, schedule, round);
    const rk = await roundKey(chain, schedule, round);
    const answers = {
      open: encode(await openAnswer(rk, seat.side, round)),
      closed: encode(await closedAnswer(sideKey, schedule, round)),
    };
    made.push({ round, body: answers[choice] });
  }
  return made;
}

/** Looks at the run; a view that is not of this seat's run is refused, with the problem that home will show. */
async function look(seat: Seat): Promise<Result<View>> {
  const result = await getPair();
  if (result.kind !== 'ok') return result;
  const problem = problemOf(result, seat, now());
  if (problem !== null) return { kind: 'refused', code: problem, message: '' };
  heard(result.value);
  // Storage that takes no more keeps nobody from being told what became of an answer.
  await sawClosed(seat, result.value).catch(() => undefined);
  return result;
}

/** Why an answer that was not taken was not. */
async function lateBecause(seat: Seat, round: number, byServer: boolean): Promise<Late> {
  const seen = await look(seat);
  if (seen.kind !== 'ok') return byServer ? 'closed' : 'own_clock';
  if (seen.value.ended !== null) return 'ended';
  return byServer || seen.value.seals[round] != null ? 'closed' : 'own_clock';
}

const isBehind = (reply: Definite<null> | null) => reply?.kind === 'refused' && reply.code === 'out_of_order';

/** One sending, from its keys to a definite end. */
async function deliver({ round, scope, choice }: Sending, seat: Seat, send: Send): Promise<AnswerNews> {
  const to = scope === 'rest' ? seat.closes.length - 1 : round;
  const answers = await bodies(seat, round, to, choice);
  const mayGoOn = () => kept('seat')?.pairId === seat.pairId;
  let uncertain = false;

  if (serverNow() === null) {
    const seen = await insist(
      () => look(seat),
      () => send({ type: 'unknown' }),
      mayGoOn,
    );
    if (seen?.kind !== 'ok') return { type: 'refused', code: seen?.code ?? 'no_pair' };
  }
  const put = (n: number) =>
    insist(
      // A phone answers a round only while its own clock is before the close, and has not seen it closed.
      async () =>
        now() < (seat.closes[round] ?? 0) * 1000 && round > (kept('seat')?.highestClosed ?? -1)
          ? putAnswers({ n, answers })
          : ({ kind: 'refused', code: 'own_clock', message: '' } as const),
      () => {
        uncertain = true;
        send({ type: 'unknown' });
      },
      mayGoOn,
    );

  const n = nextN(0);
  let reply = await put(n);
  // Once a reply was lost, whatever was taken since was said later than this.
  const mayOutdo = (last: typeof reply) => isBehind(last) && !uncertain;
  const furthest = told ? TOO_FAR : STEP_AHEAD;
  for (let raise = STEP_AHEAD; mayOutdo(reply) && raise <= furthest; raise *= 1000) {
    const seen = await look(seat);
    if (seen.kind === 'refused') return { type: 'refused', code: seen.code };
    lastN = told ? nextN(raise) : n + raise;
    reply = await put(lastN);
  }
  told = isBehind(reply);
  if (reply?.kind === 'ok') return { type: 'arrived' };
  const code = reply?.code ?? 'no_pair';
  if (code !== 'round_closed' && code !== 'own_clock') return { type: 'refused', code };
  const why = await lateBecause(seat, round, code === 'round_closed');
  return { type: 'late', why: uncertain ? 'closed_unknown' : why, clock: clockAhead() };
}

async function sendAnswer(effect: Sending, send: Send, shell: AnswerShell) {
  const seat = kept('seat');
  if (seat === null) {
    send({ type: 'refused', code: 'no_pair' });
    return;
  }
  const news = await deliver(effect, seat, send).catch(() => ({ type: 'refused', code: 'keys_missing' }) as const);
  send(news);
  if (news.type !== 'arrived') shell.refresh();
}

/** Carries out what the answer flow asks for. */
export const runAnswer =
  (shell: AnswerShell) =>
  (effect: AnswerEffect, send: Send): void => {
    switch (effect.type) {
      case 'ask':
        send({ type: 'asked', asked: shell.asked(), stop: effect.stop });
        return;
      case 'silence':
        shell.silence();
        return;
      case 'send':
        void sendAnswer(effect, send, shell);
    }
  };
