/** Hands a file that was made on this phone to the person, as a download. */

import { later } from '../clock';

/** Milliseconds that a browser may take to fetch the file, after which this page lets go of it. */
const PATIENCE = 60_000;

export function offerFile(name: string, type: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  later(() => URL.revokeObjectURL(url), PATIENCE);
}
