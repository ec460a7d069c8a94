/** Where items are kept without IndexedDB (iOS in Lockdown Mode): localStorage, or only this page's memory. */

import type { Backend, Stored } from './idb';

const NAME = 'ajar';

/** All items as one JSON text under one name, so that a change is written as a whole. */
export const local: Backend = {
  change(apply) {
    const before = JSON.parse(localStorage.getItem(NAME) ?? '{}') as Stored;
    const after = { ...before, ...apply(before) };
    localStorage.setItem(NAME, JSON.stringify(after));
    return Promise.resolve(after);
  },
};

/** Gone with the page: the person is told. */
export function memory(): Backend {
  let stored: Stored = {};
  return {
    change(apply) {
      stored = { ...stored, ...apply(stored) };
      return Promise.resolve(stored);
    },
  };
}
