/** The service worker: registered once, and a new version waits until the person chooses it. */

import { signal, type ReadonlySignal } from '@preact/signals';

const ready = signal(false);
let waiting: ServiceWorker | null = null;
let chosen = false;

/** A new version is there: say so, with a button that calls `applyUpdate`. */
export const updateReady: ReadonlySignal<boolean> = ready;

/** Lets the new version take over and loads the page anew. */
export function applyUpdate() {
  chosen = true;
  if (waiting === null) location.reload();
  else waiting.postMessage('take_over');
}

interface ScriptUrlPolicy {
  createScriptURL: (url: string) => string;
}
/** Trusted Types, where the browser has them: the only script address this app ever makes is the worker's. */
interface TrustedTypesGlobal {
  trustedTypes?: { createPolicy: (name: string, rules: ScriptUrlPolicy) => ScriptUrlPolicy };
}

function workerUrl(): string {
  const { trustedTypes } = globalThis as TrustedTypesGlobal;
  return trustedTypes?.createPolicy('sw', { createScriptURL: (url) => url }).createScriptURL('/sw.js') ?? '/sw.js';
}

function found(worker: ServiceWorker) {
  // Without a page that an older one serves, this is the first one: nothing to wait for.
  if (navigator.serviceWorker.controller === null) return;
  waiting = worker;
  ready.value = true;
}

/** Registers the worker; where there are none (iOS in Lockdown Mode) the app works without. */
export async function startUpdates() {
  if (!('serviceWorker' in navigator)) return;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (chosen) location.reload();
    // Another tab chose: this one is of the version before, until it is loaded anew.
    else if (waiting !== null) {
      waiting = null;
      ready.value = true;
    }
  });
  try {
    const registration = await navigator.serviceWorker.register(workerUrl(), { updateViaCache: 'none' });
    if (registration.waiting !== null) found(registration.waiting);
    registration.addEventListener('updatefound', () => {
      const worker = registration.installing;
      worker?.addEventListener('statechange', () => {
        if (worker.state === 'installed') found(worker);
      });
    });
  } catch {
    // A browser that forbids it here: everything but offline use and reminders works.
  }
}
