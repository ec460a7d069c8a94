/**
 * Texts. `t('home.title')` is typed by the catalogue: a key that does not exist, a place
 * that was not filled or a place that is not there is a type error.
 *
 * The core is in the main chunk; every other part is loaded with the first screen that
 * needs it (`loadTexts`), so views never wait for words.
 */

import { signal } from '@preact/signals';
import { core, parts, type Catalogue } from './en';

export type Key = Extract<keyof Catalogue, string>;
export type Part = keyof typeof parts;

/** The places of a text: `{day}` in 'closes on {day}'. */
type Places<Text> = Text extends `${string}{${infer Place}}${infer Rest}` ? Place | Places<Rest> : never;
type Params<K extends Key> = [Places<Catalogue[K]>] extends [never]
  ? []
  : [params: Record<Places<Catalogue[K]>, string | number>];

const texts = new Map<string, string>(Object.entries(core));

/** The language of the words on screen, as `<html lang>` has it. */
export const language = signal('en');

/** The words of `key`, with its places filled. */
export function t<K extends Key>(key: K, ...[params]: Params<K>): string {
  const text = texts.get(key) ?? key;
  if (params === undefined) return text;
  const values: Record<string, string | number> = params;
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** Loads a part of the catalogue; at once if it is there already. */
export async function loadTexts(part: Part): Promise<void> {
  const loaded = await parts[part]();
  for (const [key, text] of Object.entries<string>(loaded.default)) texts.set(key, text);
}
