/** Bytes and how they are written down (protocol, section 3). Pure: no key and no randomness here. */

/** Bytes that WebCrypto takes: never over shared memory. */
export type Bytes = Uint8Array<ArrayBuffer>;

const text = new TextEncoder();

/** One after the other. */
export function concat(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Four bytes, big-endian. */
export function u32(value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** Eight bytes, big-endian. */
export function u64(value: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

/** Each part as its length (u32), then its bytes. */
export function lp(...parts: readonly Uint8Array[]): Bytes {
  return concat(...parts.flatMap((part) => [u32(part.length), part]));
}

/** `L(name, x…)`: what a formula of this protocol is about. */
export function label(name: string, ...parts: readonly Uint8Array[]): Bytes {
  return lp(ascii(`ajar/1 ${name}`), ...parts);
}

/** The bytes of an ASCII text. */
export function ascii(value: string): Bytes {
  return text.encode(value);
}

/** Unpadded base64url. */
export function encode(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/**
 * Unpadded base64url to exactly `size` bytes.
 * @returns null for any other alphabet or length, and for the spellings of the same bytes
 *   that `encode` never makes (stray bits in the last character).
 */
export function decode(value: string, size: number): Bytes | null {
  if (!/^[\w-]*$/.test(value) || value.length !== Math.ceil((size * 4) / 3)) return null;
  const binary = atob(value.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return encode(bytes) === value ? bytes : null;
}

/** Compares without telling by its duration where two texts of bytes differ. */
export function equal(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  one.forEach((byte, at) => (difference |= byte ^ (other[at] ?? 0)));
  return difference === 0;
}
