/**
 * Where items are kept when the browser has IndexedDB: one database, one object store.
 * Also read by the service worker, which has no other storage.
 */

/** Everything kept, by name. A name that is set to undefined is erased. */
export type Stored = Readonly<Record<string, unknown>>;

/** A place to keep items. */
export interface Backend {
  /**
   * Reads everything, lets `apply` decide without waiting, writes what it returns: one transaction.
   * @returns everything as it now stands. Rejects if nothing was written.
   */
  change: (apply: (stored: Stored) => Stored) => Promise<Stored>;
}

const DATABASE = 'ajar';
const STORE = 'items';

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB cannot be opened'));
  });
}

function inOneTransaction(database: IDBDatabase, apply: (stored: Stored) => Stored): Promise<Stored> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, 'readwrite', { durability: 'strict' });
    const store = transaction.objectStore(STORE);
    const names = store.getAllKeys();
    const values = store.getAll();
    let after: Stored = {};
    // Requests of a transaction are answered in order: the names are there when the values come.
    values.onsuccess = () => {
      const before = Object.fromEntries(names.result.map((name, at) => [name as string, values.result[at] as unknown]));
      const changes = apply(before);
      for (const [name, value] of Object.entries(changes)) {
        if (value === undefined) store.delete(name);
        else store.put(value, name);
      }
      after = { ...before, ...changes };
    };
    transaction.oncomplete = () => resolve(after);
    transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB took nothing'));
  });
}

/**
 * Opened anew for each transaction: a browser may close a database behind a page that slept.
 */
export const idb: Backend = {
  async change(apply) {
    const database = await open();
    try {
      return await inOneTransaction(database, apply);
    } finally {
      database.close();
    }
  },
};
