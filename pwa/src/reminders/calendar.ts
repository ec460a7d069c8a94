/**
 * Reminders as a calendar file (RFC 5545). Pure.
 *
 * Nothing in it says what it is for or what made it: the words are those of the notification, marked private, taking
 * no time of the day, with an alarm at their instant. Instants are in UTC: daylight saving is in them already.
 */

const text = new TextEncoder();

/** Octets of a line, its break not counted. */
const LINE = 75;

/** A line over 75 octets goes on in the next, after a blank; no character is cut in two. */
function fold(line: string): string {
  const lines: string[] = [];
  let rest = '';
  for (const character of line) {
    if (text.encode(rest + character).length > LINE) {
      lines.push(rest);
      rest = ' ';
    }
    rest += character;
  }
  return [...lines, rest].join('\r\n');
}

/** A text as a value: signs with a meaning of their own are marked, line breaks written, other controls left out. */
const value = (words: string): string =>
  words
    .replaceAll(/[\\;,]/g, String.raw`\$&`)
    .replaceAll(/\r\n?|\n/g, String.raw`\n`)
    .replaceAll(/\p{Cc}/gu, '');

/** @param instant UTC seconds. @returns '20270512T170000Z' */
const utc = (instant: number): string => new Date(instant * 1000).toISOString().replaceAll(/[-:]|\.\d+/g, '');

export interface Entry {
  /** UTC seconds. */
  at: number;
  /** Random: the same for no two entries anywhere. */
  uid: string;
}

/**
 * One entry with an alarm for each instant.
 * @param now UTC seconds.
 */
export function calendarOf(entries: readonly Entry[], words: { title: string; body: string }, now: number): string {
  const title = value(words.title);
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//reminder//reminder//EN',
    ...entries.flatMap(({ at, uid }) => [
      'BEGIN:VEVENT',
      `UID:${uid}`,
      `DTSTAMP:${utc(now)}`,
      `DTSTART:${utc(at)}`,
      'DURATION:PT15M',
      `SUMMARY:${title}`,
      ...(words.body === '' ? [] : [`DESCRIPTION:${value(words.body)}`]),
      'CLASS:PRIVATE',
      'TRANSP:TRANSPARENT',
      'BEGIN:VALARM',
      'ACTION:DISPLAY',
      `DESCRIPTION:${title}`,
      'TRIGGER:PT0S',
      'END:VALARM',
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join('');
}
