/**
 * *Leave now*: wipes the page and what it remembers, steps back to this tab's first entry so that going back
 * does not lead here, and opens a neutral page in its place. Going forward still leads here, and the browser's own
 * history keeps what it keeps; the safety page says both.
 */

import { later, now } from '../clock';
import { entriesBelow } from './navigation';

/** Where to, when this server was never heard. */
const ELSEWHERE = 'https://www.wikipedia.org/';
/** Milliseconds to wait for the browser to step back, at most: leaving must not hang. */
const PATIENCE = 200;
/** Milliseconds within which Shift has to be pressed three times. */
const THREE_WITHIN = 5_000;

let wipe = (): void => undefined;
let leaveUrl = (): string | undefined => undefined;

/** Leaves at once. */
export function leaveNow() {
  wipe();
  document.body.replaceChildren();
  // A page that the browser kept alive has nothing to show: it starts anew.
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
  const url = leaveUrl() ?? ELSEWHERE;
  const leave = () => location.replace(url);
  if (entriesBelow() === 0) {
    history.replaceState(null, '', '/');
    leave();
    return;
  }
  // Back to the first entry, so that the one that is replaced is the only one there was.
  addEventListener('popstate', leave, { once: true });
  history.go(-entriesBelow());
  later(leave, PATIENCE);
}

/**
 * Gets ready to leave: Shift pressed three times, alone, does the same as the button.
 * @param clear takes everything off the page.
 * @param url where to, if the server has said.
 */
export function prepareToLeave(clear: () => void, url: () => string | undefined) {
  wipe = clear;
  leaveUrl = url;
  let alone = false;
  let presses: number[] = [];
  addEventListener('keydown', (event) => {
    alone = event.key === 'Shift' && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (!alone) presses = [];
  });
  addEventListener('keyup', (event) => {
    if (event.key !== 'Shift' || !alone) return;
    presses = [...presses.filter((at) => now() - at < THREE_WITHIN), now()];
    if (presses.length === 3) leaveNow();
  });
}
