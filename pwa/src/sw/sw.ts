/**
 * The service worker: the shell of the app offline, and reminders.
 *
 * It never touches `/api`, knows no key, and a new version waits until a page says that the person chose it.
 */

import { idb } from '../keystore/idb';

declare const self: ServiceWorkerGlobalScope;
/** Put in by the build: the paths of the shell, and the hash over all files. */
declare const SHELL: readonly string[];
declare const BUILD: string;

const CACHE = `ajar-${BUILD}`;
const shell = SHELL;

async function fill() {
  const cache = await caches.open(CACHE);
  // Past the browser's own cache: files of one build only.
  await cache.addAll(shell.map((path) => new Request(path, { cache: 'reload' })));
}

async function dropOthers() {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith('ajar-') && name !== CACHE).map((name) => caches.delete(name)),
  );
}

async function fromShell(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}

/** The words of a notification: this phone's own, else neutral ones. Whatever the message said is not looked at. */
async function words() {
  // Without a sound, unless one was asked for: others may be in the room.
  const neutral = { title: 'Reminder', body: 'You asked to be reminded.', sound: false };
  try {
    const { notification } = await idb.change(() => ({}));
    return { ...neutral, ...(notification as Partial<typeof neutral> | undefined) };
  } catch {
    return neutral;
  }
}

async function remind() {
  const { title, body, sound } = await words();
  // One at a time: a newer one takes the place of the older, and is noticed as the first was.
  // No picture: a door would say more than words do.
  const options = { body, tag: 'reminder', renotify: true, silent: !sound };
  await self.registration.showNotification(title, options);
}

async function openApp() {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const open = windows[0];
  await (open === undefined ? self.clients.openWindow('/') : open.focus());
}

self.addEventListener('install', (event) => event.waitUntil(fill()));
self.addEventListener('activate', (event) => event.waitUntil(dropOthers()));
self.addEventListener('message', (event) => {
  if (event.data === 'take_over') void self.skipWaiting();
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method === 'GET' && origin === location.origin && shell.includes(pathname)) {
    event.respondWith(fromShell(pathname, request));
  }
});
// Always shows one: a browser takes the subscription away from an app that stays silent.
self.addEventListener('push', (event) => event.waitUntil(remind()));
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openApp());
});
