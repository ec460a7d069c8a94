/**
 * The one door to WebCrypto. Everything runs on SHA-256.
 *
 * Browsers offer `crypto.subtle` to secure origins only: see `isAvailable`.
 */

import type { Bytes } from './encoding';

/** Whether this page may use WebCrypto: over https, or on this very machine. */
export function isAvailable(): boolean {
  // Typed as always there, and missing on an insecure origin.
  return (crypto.subtle as SubtleCrypto | undefined) !== undefined;
}

/** Fresh random bytes. */
export function random(size: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(size));
}

/** SHA-256: 32 bytes. */
export async function sha256(data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', data));
}

/** HMAC-SHA-256: 32 bytes. */
export async function hmac(key: Bytes, data: Bytes): Promise<Bytes> {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, data));
}

/** HKDF-SHA-256 (RFC 5869) to `size` bytes. */
export async function hkdf(ikm: Bytes, salt: Bytes, info: Bytes, size = 32): Promise<Bytes> {
  const imported = await crypto.subtle.importKey('raw', ikm, 'HKDF', false, ['deriveBits']);
  const bits = await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, imported, size * 8);
  return new Uint8Array(bits);
}
