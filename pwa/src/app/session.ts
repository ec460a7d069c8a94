/** What the app shell knows, and where the domains meet: no domain imports another. */

import { signal, type ReadonlySignal } from '@preact/signals';
import { getConfig } from '../api';
import { now } from '../clock';
import { change, changeSeat, kept, type Seat } from '../keystore';
import type { PairingShell } from '../pairing/run';
import { newHome, reduceHome } from '../rounds/flow-home';
import { runHome } from '../rounds/run-home';
import type { Config } from '../wire';
import { machine } from './machine';
import type * as Reminders from './room-reminders';

/** The quiet home; alive from the start. */
export const home = machine(newHome, reduceHome, runHome);

const current = signal<Config | null>(null);

/** What the server says of itself: as last heard, also offline. Null before it was ever heard. */
export const config: ReadonlySignal<Config | null> = current;

/** Shows what was last heard and asks anew. */
export async function loadConfig() {
  current.value = kept('config');
  const result = await getConfig();
  if (result.kind !== 'ok') return;
  current.value = result.value;
  await change(() => ({ config: result.value }));
}

/** The honest page was read to its end. */
export async function readHonestPage() {
  const pairId = kept('seat')?.pairId;
  if (pairId !== undefined) home.send({ type: 'seat', seat: await changeSeat(pairId, () => ({ told: true })) });
}

/** Loads the reminders' room only when there is something to do in it; offline, the next start makes up for it. */
const inReminders = (act: (room: typeof Reminders) => unknown) =>
  void import('./room-reminders').then(act).catch(() => undefined);

export const pairingShell: PairingShell = {
  seated(seat: Seat | null) {
    home.send({ type: 'seat', seat });
    if (seat !== null) home.send({ type: 'refresh' });
    else inReminders(({ forget }) => forget());
  },
};

/** Ends this phone's reminders, for the rest of the run. */
export const silenceReminders = () => inReminders(({ silence }) => silence());

/** Milliseconds: an app that stays open, or sleeps for days, is as good as opened again when it is looked at. */
const AGAIN = 3_600_000;
let renewedAt = 0;

/** Sends the next instants, whenever the app is opened: an app that is not opened falls silent. */
export function renewReminders() {
  if (kept('reminders') === null || kept('seat') === null || Math.abs(now() - renewedAt) < AGAIN) return;
  renewedAt = now();
  inReminders(({ renew }) => renew());
}
