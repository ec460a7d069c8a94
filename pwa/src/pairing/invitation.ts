/** An invitation as it travels: `/#join=` and 22 characters, in the fragment, which no server is sent. */

import { decode, encode, type Bytes } from '../crypto/encoding';

/** The link to share. */
export const linkTo = (origin: string, link: Bytes): string => `${origin}/#join=${encode(link)}`;

/**
 * Finds the invitation in whatever was pasted: a whole message with the link somewhere in it,
 * a link of any host (a server may have moved), or the bare code.
 * @returns the 22 characters, or null.
 */
export function findCode(text: string): string | null {
  const inLink = /(?:#|%23)join(?:=|%3D)([\w-]{22})(?![\w-])/i.exec(text)?.[1];
  const code = inLink ?? text.trim();
  return decode(code, 16) === null ? null : code;
}
