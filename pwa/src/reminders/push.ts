/** The browser's side of web push: whether it can, where messages for this phone are sent. */

import { now } from '../clock';
import { decode } from '../crypto/encoding';
import type { Permission, Support, Words } from './flow';

/** Where this device's reminders are sent to, as the server wants it. */
export interface Target {
  endpoint: string;
  p256dh: string;
  auth: string;
}

/** Whether this browser can remind. */
export function support(): Support {
  const can = 'serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis;
  if (can) return 'supported';
  // Only iOS has this property; there, only a page on the Home Screen may be pushed to.
  return 'standalone' in navigator && navigator.standalone === false ? 'not_installed' : 'no_push';
}

/** What the person has told the browser about notifications from here. */
export const permission = (): Permission => ('Notification' in globalThis ? Notification.permission : 'default');

/** Whether notifications are allowed; asks if that was never said, so it must be called from a tap. */
export const askPermission = async (): Promise<boolean> =>
  permission() === 'granted' || (await Notification.requestPermission()) === 'granted';

/** Made for another key of the server, or past its end: messages to it would not arrive. */
function isStale({ options, expirationTime }: PushSubscription, key: Uint8Array): boolean {
  const used = options.applicationServerKey;
  const expired = expirationTime !== null && expirationTime <= now();
  return expired || used === null || new Uint8Array(used).join() !== key.join();
}

/** A subscription that is being given up; a new one waits for it. */
let ending: Promise<unknown> = Promise.resolve();

/**
 * The subscription for the server's key, made anew if there is none that will do.
 * @param pushKey 65 bytes, unpadded base64url.
 * @returns null when the browser or its push service will not.
 */
export async function subscribe(pushKey: string): Promise<Target | null> {
  const key = decode(pushKey, 65);
  const registration = await navigator.serviceWorker.getRegistration();
  if (key === null || registration === undefined) return null;
  try {
    await ending;
    const { pushManager } = await navigator.serviceWorker.ready;
    let subscription = await pushManager.getSubscription();
    if (subscription !== null && isStale(subscription, key)) {
      await subscription.unsubscribe();
      subscription = null;
    }
    subscription ??= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    const { endpoint, keys } = subscription.toJSON();
    const { p256dh, auth } = keys ?? {};
    return endpoint === undefined || p256dh === undefined || auth === undefined ? null : { endpoint, p256dh, auth };
  } catch {
    return null;
  }
}

/** Ends the subscription on this side, also without a connection: from then on nothing arrives. */
export async function unsubscribe(): Promise<void> {
  const end = async () => {
    const registration = await navigator.serviceWorker?.getRegistration();
    const subscription = await registration?.pushManager?.getSubscription();
    await subscription?.unsubscribe();
  };
  ending = end().catch(() => undefined);
  await ending;
}

/** Shows a notification now, as the service worker shows one that was pushed. @returns whether it could. */
export async function showNow({ title, body, sound }: Words): Promise<boolean> {
  try {
    const registration = await navigator.serviceWorker.getRegistration();
    const options = { body, tag: 'reminder', renotify: true, silent: !sound };
    await registration?.showNotification(title, options);
    return registration !== undefined;
  } catch {
    return false;
  }
}
