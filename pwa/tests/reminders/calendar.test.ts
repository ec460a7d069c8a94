/** The calendar file, read back by a small reader of RFC 5545 that shares nothing with what wrote it. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calendarOf, type Entry } from '../../src/reminders/calendar';

interface Component {
  name: string;
  properties: Map<string, string>;
  inside: Component[];
}

/** Reads as section 3.1 says: octets, CRLF after every line, unfolded, `name:value`. */
function read(file: string): Component {
  const octets = Buffer.from(file, 'utf8');
  const lines: Buffer[] = [];
  for (let from = 0; from < octets.length;) {
    const end = octets.indexOf('\r\n', from, 'latin1');
    expect(end).toBeGreaterThanOrEqual(from);
    const line = octets.subarray(from, end);
    expect(line.length).toBeLessThanOrEqual(75);
    // Each line by itself is whole characters, and no line break hides in it.
    expect(Buffer.from(line.toString('utf8'), 'utf8').equals(line)).toBe(true);
    expect(line.some((octet) => octet < 0x20 || octet === 0x7f)).toBe(false);
    if (line[0] === 0x20) lines.push(Buffer.concat([lines.pop()!, line.subarray(1)]));
    else lines.push(line);
    from = end + 2;
  }
  const root: Component = { name: '', properties: new Map(), inside: [] };
  const open = [root];
  for (const line of lines.map(String)) {
    const [, name, value] = /^([A-Z-]+):(.*)$/su.exec(line) ?? [];
    const here = open.at(-1)!;
    if (name === 'BEGIN') {
      const component = { name: value!, properties: new Map<string, string>(), inside: [] };
      here.inside.push(component);
      open.push(component);
    } else if (name === 'END') {
      expect(open.pop()!.name).toBe(value);
    } else {
      expect(here.properties.has(name!)).toBe(false);
      here.properties.set(name!, value!);
    }
  }
  expect([open.length, root.inside.length]).toEqual([1, 1]);
  return root.inside[0]!;
}

/** A text value as section 3.3.11 says. */
function textOf(value: string): string {
  expect(value).not.toMatch(/(?<!\\)(?:\\\\)*[;,]/);
  return value.replaceAll(/\\([\\;,nN])/g, (_, sign: string) => (sign.toLowerCase() === 'n' ? '\n' : sign));
}
function instantOf(value: string): number {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(value)!.map(Number);
  return Date.UTC(y!, mo! - 1, d, h, mi, s) / 1000;
}

const NOW = 1_800_000_000;
const WORDS = { title: 'Reminder', body: 'You asked to be reminded.' };
const entry = (at: number, uid = `u${at}`): Entry => ({ at, uid });

test('a calendar of one entry, line by line', () => {
  expect(calendarOf([entry(NOW + 3600)], WORDS, NOW).split('\r\n')).toEqual([
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//reminder//reminder//EN',
    'BEGIN:VEVENT',
    'UID:u1800003600',
    'DTSTAMP:20270115T080000Z',
    'DTSTART:20270115T090000Z',
    'DURATION:PT15M',
    'SUMMARY:Reminder',
    'DESCRIPTION:You asked to be reminded.',
    'CLASS:PRIVATE',
    'TRANSP:TRANSPARENT',
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    'DESCRIPTION:Reminder',
    'TRIGGER:PT0S',
    'END:VALARM',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ]);
});

test('it says nothing of what it is for, nor what made it', () => {
  const file = calendarOf([entry(NOW)], WORDS, NOW);
  expect(file).not.toMatch(/ajar|round|clos|answer|partner|http|@|x-|organizer|attendee|url|location/i);
});

test('without a second line there is no empty one', () => {
  const [event] = read(calendarOf([entry(NOW)], { title: 'Plants', body: '' }, NOW)).inside;
  expect([event!.properties.has('DESCRIPTION'), event!.properties.get('SUMMARY')]).toEqual([false, 'Plants']);
});

const words = fc.string({ unit: 'grapheme', maxLength: 120 });

test('whatever was typed and whenever it is due is read back the same, each with its alarm at its instant', () => {
  fc.assert(
    fc.property(
      words.filter((title) => title !== ''),
      words,
      fc.uniqueArray(fc.integer({ min: 0, max: 4_000_000_000 }), { minLength: 1, maxLength: 16 }),
      (title, body, instants) => {
        const calendar = read(
          calendarOf(
            instants.map((at) => entry(at)),
            { title, body },
            NOW,
          ),
        );
        expect([calendar.name, ...calendar.properties.keys()]).toEqual(['VCALENDAR', 'VERSION', 'PRODID']);
        expect(calendar.inside.map(({ properties }) => instantOf(properties.get('DTSTART')!))).toEqual(instants);
        expect(new Set(calendar.inside.map(({ properties }) => properties.get('UID'))).size).toBe(instants.length);
        for (const { name, properties, inside } of calendar.inside) {
          expect([name, instantOf(properties.get('DTSTAMP')!)]).toEqual(['VEVENT', NOW]);
          expect(textOf(properties.get('SUMMARY')!)).toBe(title);
          expect(textOf(properties.get('DESCRIPTION') ?? '')).toBe(body);
          expect(inside.map((alarm) => [alarm.name, Object.fromEntries(alarm.properties)])).toEqual([
            ['VALARM', { ACTION: 'DISPLAY', DESCRIPTION: properties.get('SUMMARY'), TRIGGER: 'PT0S' }],
          ]);
        }
      },
    ),
  );
});

test('line breaks are written out, other control signs left out: no word begins a property of its own', () => {
  const title = 'one\r\nATTENDEE:mailto:b@example.org\u0000\u0007\nthree\rfour';
  const [event] = read(calendarOf([entry(NOW)], { title, body: '' }, NOW)).inside;
  expect(event!.properties.has('ATTENDEE')).toBe(false);
  expect(textOf(event!.properties.get('SUMMARY')!)).toBe('one\nATTENDEE:mailto:b@example.org\nthree\nfour');
});
