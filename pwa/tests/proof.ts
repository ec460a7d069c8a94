/** The long form of the proof (`scripts/test --proof`), and the figures it leaves for the summary. */

import { appendFileSync } from 'node:fs';

const figures = process.env['AJAR_PROOF'];

/** How often to try: `short` in every run, `long` in the long form. */
export const many = (short: number, long: number): number => (figures ? long : short);

/** Milliseconds that one test of the long form may take. */
export const LONGEST = 3_600_000;

/** A line of the summary: numbers that were just counted, never expected. */
export function says(promise: 'No forged yes' | 'No receipt' | 'One bit' | 'Clocks', what: string): void {
  if (figures) appendFileSync(figures, `${promise}\t${what}\n`);
}
