import { beforeEach, expect, test, vi } from 'vitest';
import type * as leaveNowModule from '../../src/app/leave-now';
import { StandInHistory } from '../stand-ins/history';

let events: EventTarget;
let history: StandInHistory;
let left: { to: string; from: number }[];
let body: { replaceChildren: () => void };
let clear: () => void;
let leave: typeof leaveNowModule;

beforeEach(async () => {
  vi.resetModules();
  vi.useFakeTimers({ now: 0 });
  events = new EventTarget();
  history = new StandInHistory(events);
  left = [];
  body = { replaceChildren: vi.fn<() => void>() };
  clear = vi.fn<() => void>();
  vi.stubGlobal('history', history);
  vi.stubGlobal('location', { hash: '', replace: (to: string) => left.push({ to, from: history.index }) });
  vi.stubGlobal('document', { body });
  vi.stubGlobal('addEventListener', events.addEventListener.bind(events));
  const navigation = await import('../../src/app/navigation');
  navigation.startNavigation();
  navigation.go({ name: 'answer' });
  navigation.go({ name: 'about' });
  leave = await import('../../src/app/leave-now');
  leave.prepareToLeave(clear, () => 'https://weather.example/');
});

test('the page is wiped at once, and the first entry is the one that is replaced', async () => {
  leave.leaveNow();
  expect(clear).toHaveBeenCalledOnce();
  expect(body.replaceChildren).toHaveBeenCalledWith();
  await Promise.resolve();
  expect(left[0]).toEqual({ to: 'https://weather.example/', from: 0 });
});

test('a browser that does not step back is not waited for', () => {
  history.go = () => undefined;
  leave.leaveNow();
  vi.advanceTimersByTime(200);
  expect(left).toEqual([{ to: 'https://weather.example/', from: 2 }]);
});

test('a server that was never heard leads to a neutral page', async () => {
  leave.prepareToLeave(clear, () => undefined);
  leave.leaveNow();
  await Promise.resolve();
  expect(left[0]?.to).toBe('https://www.wikipedia.org/');
});

const press = (key: string, more: Partial<KeyboardEvent> = {}) => {
  for (const type of ['keydown', 'keyup']) events.dispatchEvent(Object.assign(new Event(type), { key, ...more }));
};

test('Shift three times within five seconds leaves', () => {
  press('Shift');
  vi.advanceTimersByTime(2_400);
  press('Shift');
  vi.advanceTimersByTime(2_400);
  expect(clear).not.toHaveBeenCalled();
  press('Shift');
  expect(clear).toHaveBeenCalledOnce();
});

test('slower, with another key between or held with another: nothing happens', () => {
  press('Shift');
  vi.advanceTimersByTime(2_600);
  press('Shift');
  vi.advanceTimersByTime(2_600);
  press('Shift');
  press('a');
  press('Shift');
  press('Shift');
  // A capital letter: Shift goes down first and comes up last.
  for (const [type, key] of [
    ['keydown', 'Shift'],
    ['keydown', 'A'],
    ['keyup', 'A'],
    ['keyup', 'Shift'],
  ]) {
    events.dispatchEvent(Object.assign(new Event(type!), { key }));
  }
  press('Shift', { ctrlKey: true });
  press('Shift');
  expect(clear).not.toHaveBeenCalled();
});
