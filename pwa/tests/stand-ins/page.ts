/**
 * What node lacks of a browser's page, for tests of what runs in one: storage, events, an address.
 * No part of the app is stood in for.
 */

import { IDBFactory } from 'fake-indexeddb';
import { vi } from 'vitest';

/** localStorage as browsers have it. */
function memoryStorage(): Storage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    clear: () => kept.clear(),
    getItem: (name) => kept.get(name) ?? null,
    key: (index) => [...kept.keys()][index] ?? null,
    removeItem: (name) => void kept.delete(name),
    setItem: (name, value) => void kept.set(name, value),
  };
}

const platformFetch = globalThis.fetch;

export interface StandIn {
  readonly events: EventTarget;
  /** The person, or the network, is back. */
  wake: () => void;
  /** The page is loaded anew: nobody of the old one hears events any more. Storage and cookies stay. */
  reload: () => void;
}

/** Opens a page of a phone whose storage is empty. `origin`: where its server is. */
export function openPage(origin: string): StandIn {
  let events = new EventTarget();
  const listen = () => {
    events = new EventTarget();
    vi.stubGlobal('addEventListener', events.addEventListener.bind(events));
    vi.stubGlobal('removeEventListener', events.removeEventListener.bind(events));
  };
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('localStorage', memoryStorage());
  vi.stubGlobal('location', { origin });
  vi.stubGlobal('document', { visibilityState: 'visible' });
  listen();
  // Node knows no address that a path could belong to, and keeps no cookies.
  let cookie = '';
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    if (cookie !== '') headers.set('cookie', cookie);
    const reply = await platformFetch(origin + path, { ...init, headers });
    cookie = reply.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return reply;
  });
  return {
    get events() {
      return events;
    },
    wake: () => void events.dispatchEvent(new Event('online')),
    reload: listen,
  };
}
