import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkVectors } from './check-vectors';

const folder = new URL('../../../tests/vectors/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.startsWith('ajar'));

test('there are vectors to check', () => {
  expect(files).toContain('ajar1.json');
});

test.each(files)('every case of the vectors in %s holds', async (name) => {
  const report = await checkVectors(JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
  expect(report.failures).toEqual([]);
  expect(report.cases).toBeGreaterThan(0);
  // 8 fields a case and its closes, 10 a round: none was passed over.
  expect(report.checked).toBeGreaterThan(report.cases * 18);
});

test('the check of the vectors notices a wrong value and a field that nobody works out', async () => {
  const vectors = JSON.parse(readFileSync(new URL('ajar1.json', folder), 'utf8')) as {
    cases: Record<string, unknown>[];
  };
  const [first] = vectors.cases;
  const wrong = { ...vectors, cases: [{ ...first, pair_id: '00', unheard_of: 'x' }] };
  const { failures } = await checkVectors(wrong);
  expect(failures.map((failure) => failure.split(':')[0])).toEqual(['cases.0.pair_id', 'cases.0.unheard_of']);
});
