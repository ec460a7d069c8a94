/** Carries out what the reminders flow asks for. */

import { deleteSubscription, getConfig, putReminders, putSubscription } from '../api';
import { now } from '../clock';
import { encode } from '../crypto/encoding';
import { random } from '../crypto/primitives';
import { insist } from '../insist';
import { change, kept, type Reminding } from '../keystore';
import { calendarOf } from './calendar';
import { offerFile } from './file';
import { newReminders, type RemindersEffect, type RemindersEvent, type RemindersNews, type Rounds } from './flow';
import type { When, Words } from './flow';
import { instantsOf } from './instants';
import { askPermission, permission, showNow, subscribe, support, unsubscribe } from './push';

type Send = (event: RemindersEvent | RemindersNews) => void;

/** The rounds of this phone's seat; none once the run is over. */
function rounds(): Rounds {
  const seat = kept('seat');
  return seat === null || seat.ended !== null
    ? newReminders.rounds
    : { closes: seat.closes, closed: seat.highestClosed + 1 };
}

const nextInstants = (when: When): number[] => instantsOf(when, rounds(), now());

/** What the flow is told at start and when its screen is opened. */
export function opening(): Extract<RemindersNews, { type: 'open' }> {
  const reminding = kept('reminders');
  return {
    type: 'open',
    support: support(),
    permission: permission(),
    preference: reminding === null ? null : { on: reminding.on, when: reminding.when },
    words: kept('notification'),
    rounds: rounds(),
    settled: reminding?.settled ?? true,
    next: reminding === null ? [] : nextInstants(reminding.when),
  };
}

const keep = (reminding: Reminding | null) => change(() => ({ reminders: reminding }));

async function turnOn(when: When, send: Send, mayGoOn: () => boolean): Promise<RemindersNews | null> {
  const unknown = () => send({ type: 'unknown' });
  // First of all: the tap that allows asking does not last.
  if (!(await askPermission())) return notAllowed(send, mayGoOn);
  const before = kept('reminders');
  const refused = async (): Promise<RemindersNews> => {
    // What never worked is not tried again behind the person's back; what did, is at the next start.
    if (!before?.on) {
      await unsubscribe();
      await keep(before);
    }
    return { type: 'refused', on: before?.on ?? false };
  };
  const config = await insist(getConfig, unknown, mayGoOn);
  if (config === null) return null;
  const target = config.kind === 'ok' ? await subscribe(config.value.push_key) : null;
  if (!mayGoOn()) return null;
  if (target === null) return refused();

  await keep({ on: true, when, settled: false });
  // Each time: whether the server still has it, or was told by the push service that it was gone, cannot be seen here.
  const known = await insist(() => putSubscription(target), unknown, mayGoOn);
  if (known?.kind !== 'ok') return known && refused();
  const next = nextInstants(when);
  const reply = await insist(() => putReminders(next), unknown, mayGoOn);
  if (reply?.kind !== 'ok') return reply && refused();
  await keep({ on: true, when, settled: true });
  return { type: 'saved', next };
}

async function turnOff(forget: boolean, send: Send, mayGoOn: () => boolean): Promise<RemindersNews | null> {
  const unknown = () => send({ type: 'unknown' });
  const before = kept('reminders');
  // Where there were none, nothing is kept of their end either: it would tell that the rest of the run is answered.
  if (before !== null) await keep({ on: false, when: before.when, settled: false });
  // Before the server is told, which may take until there is a connection: off is off at once. Whatever ended them:
  // a subscription that stayed would tell that the rest of the run is answered.
  await unsubscribe();
  if ((await insist(() => putReminders([]), unknown, mayGoOn)) === null) return null;
  if (forget && (await insist(deleteSubscription, unknown, mayGoOn)) === null) return null;
  if (!mayGoOn()) return null;
  await keep(null);
  return { type: 'saved', next: [] };
}

/** What was on before is off now, and the server is told. */
async function notAllowed(send: Send, mayGoOn: () => boolean): Promise<RemindersNews | null> {
  if (kept('reminders') !== null && (await turnOff(true, send, mayGoOn)) === null) return null;
  return { type: 'not_allowed', permission: permission() };
}

async function show(words: Words): Promise<RemindersNews> {
  // Not allowed any more, perhaps: then what was on has to end, as at a start.
  if (!(await askPermission())) return opening();
  return { type: 'shown', shown: await showNow(words) };
}

function makeFile(when: When, words: Words): RemindersNews {
  const entries = nextInstants(when).map((at) => ({ at, uid: encode(random(16)) }));
  // Nothing in its name either.
  if (entries.length > 0) offerFile('calendar.ics', 'text/calendar', calendarOf(entries, words, now() / 1000));
  return { type: 'file', entries: entries.length };
}

// Words are kept one after the other, as they were typed.
let keeping: Promise<unknown> = Promise.resolve();
let latest = 0;

/** The newest wish counts: an older one that is still being repeated gives up. */
async function switchTo(effect: Extract<RemindersEffect, { type: 'turn_on' | 'turn_off' }>, send: Send) {
  latest += 1;
  const mine = latest;
  const mayGoOn = () => mine === latest;
  const done = effect.type === 'turn_on' ? turnOn(effect.when, send, mayGoOn) : turnOff(effect.forget, send, mayGoOn);
  const news = await done.catch(() => ({ type: 'refused', on: kept('reminders')?.on ?? false }) as const);
  if (news !== null && mayGoOn()) send(news);
}

export function runReminders(effect: RemindersEffect, send: Send): void {
  switch (effect.type) {
    case 'turn_on':
    case 'turn_off':
      void switchTo(effect, send);
      return;
    case 'keep_words':
      keeping = keeping.then(() => change(() => ({ notification: effect.words }))).catch(() => undefined);
      return;
    case 'show':
      void show(effect.words).then(send);
      return;
    case 'calendar':
      send(makeFile(effect.when, effect.words));
  }
}
