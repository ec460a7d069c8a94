/** Carries out what the reminders flow asks for. */

import { deleteSubscription, getConfig, putReminders, putSubscription } from '../api';
import { now } from '../clock';
import { insist } from '../insist';
import { change, kept, type Reminding } from '../keystore';
import type { RemindersEffect, RemindersEvent, RemindersNews, When } from './flow';
import { instantsOf } from './instants';
import { askPermission, permission, subscribe, support, unsubscribe } from './push';

type Send = (event: RemindersEvent | RemindersNews) => void;

/** The next instants for the rounds that this phone can still answer. */
function nextInstants(when: When): number[] {
  const seat = kept('seat');
  return seat === null || seat.ended !== null ? [] : instantsOf(when, seat.closes.slice(seat.highestClosed + 1), now());
}

/** What the flow is told at start and when its screen is opened. */
export function opening(): Extract<RemindersNews, { type: 'open' }> {
  const reminding = kept('reminders');
  return {
    type: 'open',
    support: support(),
    permission: permission(),
    preference: reminding === null ? null : { on: reminding.on, when: reminding.when },
    settled: reminding?.settled ?? true,
    next: reminding === null ? [] : nextInstants(reminding.when),
  };
}

const keep = (reminding: Reminding) => change(() => ({ reminders: reminding }));

async function turnOn(when: When, send: Send, mayGoOn: () => boolean): Promise<RemindersNews | null> {
  const unknown = () => send({ type: 'unknown' });
  // First of all: the tap that allows asking does not last.
  if (!(await askPermission())) return { type: 'denied' };
  const config = await insist(getConfig, unknown, mayGoOn);
  if (config?.kind !== 'ok') return { type: 'refused' };
  const target = await subscribe(config.value.push_key);
  if (target === null) return { type: 'refused' };

  const before = kept('reminders');
  await keep({ on: true, when, endpoint: before?.endpoint ?? null, settled: false });
  if (before?.endpoint !== target.endpoint) {
    const reply = await insist(() => putSubscription(target), unknown, mayGoOn);
    if (reply?.kind !== 'ok') return reply === null ? null : { type: 'refused' };
  }
  const next = nextInstants(when);
  const reply = await insist(() => putReminders(next), unknown, mayGoOn);
  if (reply?.kind !== 'ok') return reply === null ? null : { type: 'refused' };
  await keep({ on: true, when, endpoint: target.endpoint, settled: true });
  return { type: 'saved', next };
}

async function turnOff(forget: boolean, send: Send, mayGoOn: () => boolean): Promise<RemindersNews | null> {
  const unknown = () => send({ type: 'unknown' });
  const before = kept('reminders') ?? { when: { kind: 'hours', hours: 3 }, endpoint: null };
  const endpoint = forget ? null : before.endpoint;
  await keep({ on: false, when: before.when, endpoint, settled: false });
  const reply = await insist(() => putReminders([]), unknown, mayGoOn);
  if (reply === null) return null;
  if (forget) {
    await unsubscribe().catch(() => undefined);
    if ((await insist(deleteSubscription, unknown, mayGoOn)) === null) return null;
  }
  await (endpoint === null
    ? change(() => ({ reminders: null }))
    : keep({ on: false, when: before.when, endpoint, settled: true }));
  return { type: 'saved', next: [] };
}

async function carryOut(effect: RemindersEffect, send: Send, mayGoOn: () => boolean) {
  const done = effect.type === 'turn_on' ? turnOn(effect.when, send, mayGoOn) : turnOff(effect.forget, send, mayGoOn);
  const news = await done.catch(() => ({ type: 'refused' }) as const);
  if (news !== null && mayGoOn()) send(news);
}

let latest = 0;

/** The newest wish counts: an older one that is still being repeated gives up. */
export function runReminders(effect: RemindersEffect, send: Send): void {
  latest += 1;
  const mine = latest;
  const mayGoOn = () => mine === latest;
  void carryOut(effect, send, mayGoOn);
}
