import { expect, test } from 'vitest';
import { core, parts } from '../src/i18n/en';
import { loadTexts, t, type Part } from '../src/i18n';

const names = Object.keys(parts) as Part[];

async function catalogue(): Promise<[part: string, key: string, text: string][]> {
  const loaded = await Promise.all(names.map(async (name) => [name, (await parts[name]()).default] as const));
  return [['core', core] as const, ...loaded].flatMap(([part, texts]) =>
    Object.entries<string>(texts).map(([key, text]): [string, string, string] => [part, key, text]),
  );
}

test('a key stands in one part only', async () => {
  const keys = (await catalogue()).map(([, key]) => key);
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

test('a text is never empty, and its places are words in single braces', async () => {
  for (const [, key, text] of await catalogue()) {
    expect([key, text.trim() !== '', /[{}]/.test(text.replaceAll(/\{\w+\}/g, ''))]).toEqual([key, true, false]);
  }
});

test('places are filled, and what was filled in is not read again', async () => {
  await loadTexts('rounds');
  expect(t('sent.body', { when: '{when} & <b>' })).toContain('{when} & <b>');
  expect(t('back')).toBe(core.back);
});

test('a part that was loaded is there at once', async () => {
  for (const name of names) await loadTexts(name);
  for (const [, key, text] of await catalogue()) if (!text.includes('{')) expect(t(key as 'back')).toBe(text);
});
