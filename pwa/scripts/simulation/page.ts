/**
 * One page of the app without its views: the shipped flows, runners, keys and requests, joined as in `src/app`.
 * Each function is what a person does there, and resolves when the app has nothing more to do about it.
 */

import { machine } from '../../src/app/machine';
import { decodeOffer, encodeOffer } from '../../src/crypto/phone';
import { decode, encode } from '../../src/crypto/encoding';
import { random } from '../../src/crypto/primitives';
import { joinHashOf, makeClaim } from '../../src/crypto/protocol';
import { change, kept, openKeystore, type Seat } from '../../src/keystore';
import { newInvite, reduceInvite } from '../../src/pairing/flow-invite';
import { newJoin, reduceJoin } from '../../src/pairing/flow-join';
import { runInvite, runJoin } from '../../src/pairing/run';
import { newReminders, reduceReminders } from '../../src/reminders/flow';
import { opening, runReminders } from '../../src/reminders/run';
import { reduceAnswer, type AnswerState, type Choice, type Scope } from '../../src/rounds/flow-answer';
import { newHome, reduceHome } from '../../src/rounds/flow-home';
import { askedOf } from '../../src/rounds/rules';
import { runAnswer } from '../../src/rounds/run-answer';
import { runHome } from '../../src/rounds/run-home';
import { readView } from '../../src/wire';

const home = machine(newHome, reduceHome, runHome);
const reminders = machine(newReminders, reduceReminders, runReminders);
const nothing: AnswerState = { step: 'nothing' };
const answering = machine(
  nothing,
  reduceAnswer,
  runAnswer({
    asked: () => askedOf(home.state.peek()),
    refresh: () => home.send({ type: 'refresh' }),
    silence: () => reminders.send({ type: 'silence' }),
  }),
);
const shell = {
  seated(seat: Seat | null) {
    home.send({ type: 'seat', seat });
    home.send({ type: 'refresh' });
  },
};
const inviting = machine(newInvite, reduceInvite, runInvite(shell));
const joining = machine(newJoin, reduceJoin, runJoin(shell));

interface Living<State> {
  state: { peek: () => State; subscribe: (hear: (state: State) => void) => () => void };
}

/** The first state that is as asked for. */
function until<State>({ state }: Living<State>, reached: (state: State) => boolean): Promise<State> {
  return new Promise((resolve) => {
    const stop = state.subscribe((now) => {
      if (!reached(now)) return;
      resolve(now);
      queueMicrotask(() => stop());
    });
  });
}

/** A view has come, and every outcome in it has been worked out. */
const looked = () =>
  until(home, ({ view, shown }) => view !== null && (shown.kind !== 'running' || shown.awaiting === null));

const remindersSettled = () => until(reminders, ({ status }) => status !== 'saving' && status !== 'unknown');

/** As `src/app/start.ts`. */
export async function open(): Promise<void> {
  await openKeystore();
  const seat = kept('seat');
  home.send({ type: 'seat', seat });
  if (seat === null) return;
  home.send({ type: 'refresh' });
  await looked();
  if (kept('reminders') === null) return;
  reminders.send(opening());
  await remindersSettled();
}

/** @returns the invitation's link and the closing instants. */
export async function invite(date: string, time: string, rounds: number): Promise<{ link: string; closes: number[] }> {
  inviting.send({ type: 'open', config: null, zone: 'UTC', ready: null, seated: false });
  inviting.send({ type: 'edit', change: { date, time, rounds } });
  inviting.send({ type: 'create' });
  const { shown } = await until(inviting, (state) => state.shown.step === 'ready' || state.shown.step === 'refused');
  if (shown.step !== 'ready') throw new Error(JSON.stringify(shown));
  await looked();
  return { link: shown.link, closes: [...shown.closes] };
}

export async function join(link: string): Promise<void> {
  joining.send({ type: 'read', text: link });
  await until(joining, ({ step }) => step === 'offered');
  joining.send({ type: 'join' });
  await until(joining, ({ step }) => step === 'joined');
  await looked();
}

/** @returns where the flow ended: `sent`, unless something kept the answer from counting. */
export async function answer(choice: Choice, scope: Scope, stop: boolean): Promise<string> {
  answering.send({ type: 'open', stop });
  if (stop) {
    answering.send({ type: 'stop' });
  } else {
    answering.send({ type: 'rated' });
    answering.send({ type: 'choose', choice });
    answering.send({ type: 'scope', scope });
    answering.send({ type: 'send' });
  }
  const { step } = await until(answering, (state) => state.step !== 'sending' && state.step !== 'unknown');
  await remindersSettled();
  return step;
}

/** @returns where reminders stand. */
export async function remind(hours: number): Promise<string> {
  reminders.send(opening());
  await remindersSettled();
  reminders.send({ type: 'on', when: { before: { kind: 'hours', hours }, after: null, quiet: null } });
  return (await remindersSettled()).status;
}

/** A request that the app has no screen for yet (protocol, section 3, `side_key`). */
async function ask(path: string, body: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const reply = await fetch(`/api/${path}`, { method: 'POST', body: JSON.stringify(body), headers });
  if (reply.status !== 201) throw new Error(`${path}: ${String(reply.status)}`);
  return reply.json();
}

/** @returns what the QR code for another phone of this side carries. */
export async function offer(): Promise<string> {
  const seat = kept('seat');
  if (seat?.chain == null) throw new Error('no seat to share');
  const joinSecret = random(32);
  await ask('phones', { join_hash: encode(await joinHashOf(joinSecret)) });
  const bytes = (encoded: string, size: number) => decode(encoded, size) ?? new Uint8Array(size);
  return encodeOffer({
    pairId: bytes(seat.pairId, 16),
    joinSecret,
    side: seat.side,
    round: seat.chain.round,
    chain: bytes(seat.chain.key, 32),
    sideKey: bytes(seat.sideKey, 32),
    schedule: bytes(seat.schedule, 32),
  });
}

/** Another phone takes its place beside the first. */
export async function take(text: string): Promise<void> {
  const given = decodeOffer(text);
  if (given === null) throw new Error('not an offer');
  const body = { join_secret: encode(given.joinSecret), claim: encode(makeClaim()) };
  const { wording, closes } = readView(await ask(`phones/${encode(given.pairId)}/join`, body));
  const seat: Seat = {
    pairId: encode(given.pairId),
    side: given.side,
    wording,
    closes,
    schedule: encode(given.schedule),
    chain: { round: given.round, key: encode(given.chain) },
    sideKey: encode(given.sideKey),
    invitation: null,
    outcomes: closes.map(() => null),
    highestClosed: -1,
    ended: null,
    told: true,
  };
  await change(() => ({ seat }));
}
