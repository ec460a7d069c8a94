import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import type * as navigationModule from '../../src/app/navigation';
import { StandInHistory } from '../stand-ins/history';

let events: EventTarget;
let history: StandInHistory;
let location: { hash: string };
let navigation: typeof navigationModule;

const shown = () => navigation.screen.value.name;
/** The step that the browser was asked for has arrived. */
const arrived = () => Promise.resolve();

beforeEach(async () => {
  vi.resetModules();
  events = new EventTarget();
  history = new StandInHistory(events);
  location = { hash: '' };
  vi.stubGlobal('history', history);
  vi.stubGlobal('location', location);
  vi.stubGlobal('addEventListener', events.addEventListener.bind(events));
  navigation = await import('../../src/app/navigation');
  navigation.startNavigation();
});

test('screens come and go with the phone’s own back', async () => {
  navigation.go({ name: 'safety', before: 'invite' });
  navigation.replace({ name: 'invite' });
  navigation.go({ name: 'about' });
  expect([shown(), navigation.entriesBelow()]).toEqual(['about', 2]);
  navigation.back();
  await arrived();
  expect(shown()).toBe('invite');
  history.go(1);
  await arrived();
  expect(shown()).toBe('about');
  history.go(-2);
  await arrived();
  expect([shown(), navigation.entriesBelow()]).toEqual(['start', 0]);
});

test('home forgets the way: back then leaves the app', async () => {
  navigation.go({ name: 'answer' });
  navigation.go({ name: 'honest', first: false });
  navigation.home();
  await arrived();
  expect([shown(), navigation.entriesBelow(), history.index]).toEqual(['start', 0, 0]);
});

test('forward never leads back into answering, whether it was left by sending or without', async () => {
  for (const leave of [navigation.home, navigation.back, () => history.go(-1)]) {
    navigation.go({ name: 'answer' });
    leave();
    await arrived();
    history.go(1);
    await arrived();
    expect([shown(), navigation.entriesBelow(), history.index]).toEqual(['start', 1, 1]);
    navigation.home();
    await arrived();
    expect([shown(), navigation.entriesBelow(), history.index]).toEqual(['start', 0, 0]);
  }
});

test('at the bottom of the stack, back is the start', () => {
  navigation.replace({ name: 'join' });
  navigation.back();
  expect([shown(), history.entries.length]).toEqual(['start', 1]);
});

test('neither the address nor what the browser keeps tells which screens were looked at', () => {
  navigation.go({ name: 'leave' });
  navigation.go({ name: 'outcome', round: 3 });
  expect(history.entries).toEqual([0, 1, 2].map((depth) => ({ state: { depth }, url: '/' })));
});

test('after a reload, steps to entries that nobody remembers show the start', async () => {
  history.pushState({ depth: 1 }, '', '/');
  history.pushState({ depth: 2 }, '', '/');
  history.go(-1);
  await arrived();
  expect([shown(), navigation.entriesBelow(), history.index]).toEqual(['start', 1, 1]);
});

test('after a reload the way back to the first entry is as long as it was', async () => {
  navigation.go({ name: 'about' });
  navigation.go({ name: 'leave' });
  vi.resetModules();
  navigation = await import('../../src/app/navigation');
  navigation.startNavigation();
  expect([shown(), navigation.entriesBelow(), history.index]).toEqual(['start', 2, 2]);
  navigation.back();
  await arrived();
  expect([shown(), navigation.entriesBelow(), history.index]).toEqual(['start', 1, 1]);
});

test('wherever one goes, the browser agrees how many entries lie below', async () => {
  const moves: Record<string, () => void> = {
    go: () => navigation.go({ name: 'library', topic: null }),
    answer: () => navigation.go({ name: 'answer' }),
    replace: () => navigation.replace({ name: 'about' }),
    back: () => navigation.back(),
    home: () => navigation.home(),
    'browser back': () => history.go(-1),
    'browser forward': () => history.go(1),
    'two forward': () => history.go(2),
  };
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...Object.keys(moves)), { maxLength: 20 }), async (names) => {
      for (const name of names) {
        moves[name]!();
        await arrived();
        expect(navigation.entriesBelow(), names.join()).toBe(history.index);
      }
    }),
  );
});

test('an invitation that is opened while the app is open gets the entry that the browser made for it', async () => {
  navigation.go({ name: 'about' });
  // What a browser does with a fragment: an entry of its own, and an event without a state.
  history.pushState(null, '', '/#join=x');
  location.hash = '#join=x';
  events.dispatchEvent(Object.assign(new Event('popstate'), { state: null }));
  expect(shown()).toBe('about');
  location.hash = '';
  navigation.adopt({ name: 'safety', before: 'join' });
  expect([shown(), navigation.entriesBelow(), history.state]).toEqual(['safety', 2, { depth: 2 }]);
  navigation.back();
  await arrived();
  expect(shown()).toBe('about');
});
