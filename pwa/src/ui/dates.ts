/** Days and hours in the phone's own time zone and its own way of writing them. */

import { language } from '../i18n';

/** The phone's own variety of the language on screen: 14 May in London, May 14 in Chicago. */
function locale(): string {
  return navigator.languages.find((tag) => tag.split('-')[0] === language.value) ?? language.value;
}

/** @param options what to show of `instant`, UTC seconds. A day and its month stay on one line. */
const format = (instant: number, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(locale(), options)
    .formatToParts(instant * 1000)
    .map(({ type, value }, at, parts) => {
      const before = parts[at - 1]?.type;
      return type === 'literal' && (before === 'day' || before === 'month') && value === ' ' ? '\u00a0' : value;
    })
    .join('');

/** @param instant UTC seconds. @returns '12 May' */
export const day = (instant: number) => format(instant, { day: 'numeric', month: 'long' });

/** @param instant UTC seconds. @returns 'Thursday, 14 May at 20:00' */
export const dayAndTime = (instant: number) =>
  format(instant, { weekday: 'long', day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit' });

/** @param date a bare day, `YYYY-MM-DD`, the same everywhere. @returns '22 November 2026', or `date` if it is none. */
export function fullDay(date: string): string {
  const noon = Date.parse(`${date}T12:00:00Z`);
  return Number.isNaN(noon) ? date : format(noon / 1000, { dateStyle: 'long', timeZone: 'UTC' });
}
