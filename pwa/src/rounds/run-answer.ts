/** Sends answers (protocol, sections 3 and 5). Nothing of what is sent is stored, not even that it was. */

import { getPair, putAnswers, type Result } from '../api';
import { now } from '../clock';
import { encode } from '../crypto/encoding';
import { chainAt, closedAnswer, nextChain, openAnswer, roundKey } from '../crypto/protocol';
import { insist } from '../insist';
import { kept, type Seat } from '../keystore';
import type { View } from '../wire';
import type { Asked, AnswerEffect, AnswerEvent, AnswerNews, Choice, Late } from './flow-answer';
import { clockAhead, heard, serverNow } from './server-time';
import { stored } from './settle';

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

/** How far past the estimate `n` goes once another device of this side was ahead: milliseconds. */
const STEP_AHEAD = 2_000;

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

async function view(): Promise<Result<View>> {
  const result = await getPair();
  if (result.kind === 'ok') heard(result.value);
  return result;
}

/** Why an answer that was not taken was not. */
async function lateBecause(round: number, byServer: boolean): Promise<Late> {
  const seen = await view();
  if (seen.kind !== 'ok') return byServer ? 'closed' : 'own_clock';
  if (seen.value.ended !== null) return 'ended';
  return byServer || seen.value.seals[round] != null ? 'closed' : 'own_clock';
}

/** One sending, from its keys to a definite end. */
async function deliver({ round, scope, choice }: Sending, seat: Seat, send: Send): Promise<AnswerNews> {
  const to = scope === 'rest' ? seat.closes.length - 1 : round;
  const answers = await bodies(seat, round, to, choice);
  const mayGoOn = () => kept('seat')?.pairId === seat.pairId;
  let uncertain = false;

  if (serverNow() === null) {
    const seen = await insist(view, () => send({ type: 'unknown' }), mayGoOn);
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

  let reply = await put(nextN(0));
  if (reply?.kind === 'refused' && reply.code === 'out_of_order') {
    await view();
    reply = await put(nextN(STEP_AHEAD));
  }
  if (reply?.kind === 'ok') return { type: 'arrived' };
  const code = reply?.code ?? 'no_pair';
  if (code !== 'round_closed' && code !== 'own_clock') return { type: 'refused', code };
  const why = await lateBecause(round, code === 'round_closed');
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
