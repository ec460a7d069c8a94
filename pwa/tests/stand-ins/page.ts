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
  events: EventTarget;
  /** The person, or the network, is back. */
  wake: () => void;
}

/** Opens a page of a phone whose storage is empty. `origin`: where its server is. */
export function openPage(origin: string): StandIn {
  const events = new EventTarget();
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('localStorage', memoryStorage());
  vi.stubGlobal('location', { origin });
  vi.stubGlobal('document', { visibilityState: 'visible' });
  vi.stubGlobal('addEventListener', events.addEventListener.bind(events));
  vi.stubGlobal('removeEventListener', events.removeEventListener.bind(events));
  // Node knows no address that a path could belong to, and keeps no cookies.
  let cookie = '';
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    if (cookie !== '') headers.set('cookie', cookie);
    const reply = await platformFetch(origin + path, { ...init, headers });
    cookie = reply.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return reply;
  });
  return { events, wake: () => void events.dispatchEvent(new Event('online')) };
}
