/**
 * The one door to what this phone keeps.
 *
 * It never holds an answer, a choice, a rating, the number `n` or when something was sent:
 * after *sent* nothing here differs between open, closed and no answer at all
 * (protocol, section 2, 4). Keys are erased as section 3 says, in the same transaction
 * that stores what they were needed for.
 */

import { idb, type Backend, type Stored } from './keystore/idb';
import { local, memory } from './keystore/local';
import type { When, Words } from './reminders/flow';
import type { Outcome } from './rounds/flow-home';
import type { Config, Side, Wording } from './wire';

/** Bytes as they stand in storage: unpadded base64url. */
type Encoded = string;

/** This phone's side of one run. */
export interface Seat {
  pairId: Encoded;
  side: Side;
  wording: Wording;
  /** UTC seconds, as agreed to when the seat was taken. */
  closes: number[];
  schedule: Encoded;
  /** The key of the lowest unresolved round; null once every round is resolved. */
  chain: { round: number; key: Encoded } | null;
  sideKey: Encoded;
  /** Only on the inviter's phone, only until it expires (UTC seconds). */
  invitation: { link: Encoded; expiresAt: number } | null;
  /** One place a round; null while unresolved. */
  outcomes: ({ outcome: Outcome; looked: boolean } | null)[];
  /** The highest round seen closed by the server; -1 for none. */
  highestClosed: number;
  /** How the run ended, as the server last said. */
  ended: 'finished' | 'decided' | null;
  /** Whether the honest page before the first answer was read to its end. */
  told: boolean;
}

/** A create or join whose reply has not come: sent again with the same claim, also after a reload. */
export interface Pending {
  kind: 'create' | 'join';
  link: Encoded;
  closes: number[];
  wording: Wording;
  claim: Encoded;
  accessCode: string | null;
  /** UTC seconds: after this the same claim no longer repeats the reply. */
  expiresAt: number;
}

/** Reminders as this phone asked for them. */
export interface Reminding {
  on: boolean;
  when: When;
  /** Whether the server has confirmed it; what was not is sent again at the next start. */
  settled: boolean;
}

/** Everything kept, with what stands for nothing. */
export interface Items {
  seat: Seat | null;
  pending: Pending | null;
  reminders: Reminding | null;
  /** What they say, where other words than the plain ones were chosen; also read by the service worker. */
  notification: Words | null;
  /** A language tag, when one was chosen. */
  language: string | null;
  /** The last configuration of the server: help lines are shown offline. */
  config: Config | null;
}

const NOTHING: Items = {
  seat: null,
  pending: null,
  reminders: null,
  notification: null,
  language: null,
  config: null,
};

/** Where items are kept: `memory` means that they are lost with the page. */
export type Kept = 'indexeddb' | 'localstorage' | 'memory';

let backend: Backend = memory();
let items: Items = NOTHING;

const asItems = (stored: Stored): Items =>
  Object.fromEntries(
    Object.entries(NOTHING).map(([name, nothing]) => [name, stored[name] ?? nothing]),
  ) as unknown as Items;
const read: (from: Backend) => Promise<Stored> = (from) => from.change(() => ({}));

/** Opens the best storage that works and reads it. Called once, at start. */
export async function openKeystore(): Promise<Kept> {
  const places: [Kept, Backend][] = [
    ['indexeddb', idb],
    ['localstorage', local],
  ];
  for (const [name, place] of places) {
    try {
      // A place that is missing throws here; so does one that takes no more.
      items = asItems(await read(place));
      backend = place;
      return name;
    } catch {
      // The next place.
    }
  }
  backend = memory();
  items = NOTHING;
  return 'memory';
}

/** One item as last read or written by this page. */
export function kept<Name extends keyof Items>(name: Name): Items[Name] {
  return items[name];
}

/**
 * Changes what is kept in one transaction, on what is there now (another tab may have changed it);
 * null erases an item.
 * @returns everything afterwards. Rejects if nothing was written.
 */
export async function change(apply: (now: Items) => Partial<Items>): Promise<Items> {
  const stored = await backend.change((before) => {
    const changes = Object.entries(apply(asItems(before)));
    return Object.fromEntries(changes.map(([name, value]) => [name, value ?? undefined]));
  });
  items = asItems(stored);
  return items;
}

/**
 * Changes the seat of one pair, and only that: a tab that slept while the seat was given up
 * or taken anew must not bring old keys back.
 * @returns the seat afterwards, or null if that pair's seat is no longer here.
 */
export async function changeSeat(pairId: Encoded, apply: (seat: Seat) => Partial<Seat>): Promise<Seat | null> {
  const { seat } = await change((now) =>
    now.seat?.pairId === pairId ? { seat: { ...now.seat, ...apply(now.seat) } } : {},
  );
  return seat?.pairId === pairId ? seat : null;
}

/** Asks the browser not to throw the keys away when space gets short. Worth asking once there is a seat. */
export async function askToPersist(): Promise<void> {
  try {
    await navigator.storage.persist();
  } catch {
    // Not there, or not allowed: nothing is lost that was not at risk before.
  }
}
