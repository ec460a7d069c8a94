/** The browser's side of web push: whether it can, where messages for this phone are sent. */

import { decode } from '../crypto/encoding';
import type { Permission, Support } from './flow';

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

/** Asks for permission; must be called from a tap. */
export const askPermission = async (): Promise<boolean> => (await Notification.requestPermission()) === 'granted';

function sameKey(subscription: PushSubscription, key: Uint8Array): boolean {
  const used = subscription.options.applicationServerKey;
  return used !== null && new Uint8Array(used).join() === key.join();
}

/**
 * The subscription for the server's key, made anew if there is none or if it was made for another key.
 * @param pushKey 65 bytes, unpadded base64url.
 * @returns null when the browser or its push service will not.
 */
export async function subscribe(pushKey: string): Promise<Target | null> {
  const key = decode(pushKey, 65);
  const registration = await navigator.serviceWorker.getRegistration();
  if (key === null || registration === undefined) return null;
  try {
    const { pushManager } = await navigator.serviceWorker.ready;
    let subscription = await pushManager.getSubscription();
    if (subscription !== null && !sameKey(subscription, key)) {
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

/** Ends the subscription on this side. */
export async function unsubscribe(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  const subscription = await registration?.pushManager?.getSubscription();
  await subscription?.unsubscribe();
}
