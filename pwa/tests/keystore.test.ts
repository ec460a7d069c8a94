import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Items, Pending, Seat } from '../src/keystore';
import { openPage } from './stand-ins/page';

const seat: Seat = {
  pairId: 'A'.repeat(22),
  side: 'a',
  wording: 'relationship',
  closes: [1, 2],
  schedule: 's',
  chain: { round: 0, key: 'k' },
  sideKey: 'x',
  invitation: { link: 'l', expiresAt: 9 },
  outcomes: [null, null],
  highestClosed: -1,
  ended: null,
  told: false,
};
const pending: Pending = {
  kind: 'create',
  link: 'l',
  closes: [1, 2],
  wording: 'relationship',
  claim: 'c',
  accessCode: null,
  expiresAt: 9,
};

/** The keystore of a page that was just loaded; storage stays as it was. */
async function loadPage() {
  vi.resetModules();
  return import('../src/keystore');
}

const refuse = () => {
  throw new DOMException('not here', 'SecurityError');
};

beforeEach(() => {
  openPage('http://localhost');
});

describe.each(['indexeddb', 'localstorage'] as const)('in %s', (place) => {
  beforeEach(() => {
    if (place === 'localstorage') vi.stubGlobal('indexedDB', undefined);
  });

  test('what was changed is there after a reload, what was set to null is gone', async () => {
    const first = await loadPage();
    expect(await first.openKeystore()).toBe(place);
    expect(first.kept('seat')).toBeNull();
    await first.change(() => ({ seat, pending, language: 'de' }));
    await first.change(() => ({ pending: null }));

    const second = await loadPage();
    await second.openKeystore();
    expect(second.kept('seat')).toEqual(seat);
    expect(second.kept('language')).toBe('de');
    expect(second.kept('pending')).toBeNull();
  });

  test('a change is made on what another tab has written', async () => {
    const [one, other] = [await loadPage(), await loadPage()];
    await one.openKeystore();
    await other.openKeystore();
    await one.change(() => ({ seat }));
    await other.change((now: Items) => ({ language: now.seat === null ? 'stale' : 'fresh' }));
    expect(other.kept('seat')).toEqual(seat);
    expect(other.kept('language')).toBe('fresh');
  });

  test('a tab that slept does not bring the keys of a seat back that was given up', async () => {
    const [one, other] = [await loadPage(), await loadPage()];
    await one.openKeystore();
    await one.change(() => ({ seat }));
    await other.openKeystore();
    await one.change(() => ({ seat: null }));
    expect(await other.changeSeat(seat.pairId, () => ({ told: true }))).toBeNull();
    expect((await one.change(() => ({}))).seat).toBeNull();
  });

  test('of a change that cannot be made nothing is written', async () => {
    const page = await loadPage();
    await page.openKeystore();
    await page.change(() => ({ seat }));
    const failing = page.change(() => {
      throw new Error('stop');
    });
    await expect(failing).rejects.toThrow();
    expect((await page.change(() => ({}))).seat).toEqual(seat);
  });
});

test('a key that was erased is in no item any more', async () => {
  const page = await loadPage();
  await page.openKeystore();
  await page.change(() => ({ seat: { ...seat, chain: { round: 0, key: 'erase-me' } } }));
  await page.changeSeat(seat.pairId, () => ({ chain: { round: 1, key: 'next' } }));
  const again = await loadPage();
  await again.openKeystore();
  expect(JSON.stringify(await again.change(() => ({})))).not.toContain('erase-me');
});

test('without IndexedDB and localStorage everything works until the page is closed, and it says so', async () => {
  vi.stubGlobal('indexedDB', undefined);
  vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse });
  const page = await loadPage();
  expect(await page.openKeystore()).toBe('memory');
  await page.change(() => ({ seat }));
  expect(page.kept('seat')).toEqual(seat);
});

test('an IndexedDB that does not open is passed over', async () => {
  const broken = new IDBFactory();
  broken.open = refuse;
  vi.stubGlobal('indexedDB', broken);
  const page = await loadPage();
  expect(await page.openKeystore()).toBe('localstorage');
});
