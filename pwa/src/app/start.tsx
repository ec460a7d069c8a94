/** How the app starts: in order, from the address to the first screen. */

import { render } from 'preact';
import { isAvailable } from '../crypto/primitives';
import { kept, openKeystore } from '../keystore';
import { prepareToLeave } from './leave-now';
import { adopt, go, startNavigation, type Screen } from './navigation';
import type * as Pairing from './room-pairing';
import { config, home, loadConfig, renewReminders } from './session';
import { Shell, startShell } from './shell';
import { startUpdates } from './update';
import Insecure from './view-insecure';

/** What came behind `#join=`; wiped from the address and its history entry at once. */
function takeFragment(): string {
  const { hash } = location;
  if (hash !== '') history.replaceState(history.state, '', '/');
  return hash;
}

/** The pairing room, when it is needed at once; offline and never opened before, the screen itself says so. */
const inPairing = (act: (room: typeof Pairing) => void) =>
  void import('./room-pairing').then(act).catch(() => undefined);

/** An invitation that came with the address: the safety page first, then the invitation. */
function openInvitation(hash: string, open: (screen: Screen) => void) {
  if (!hash.startsWith('#join=')) return;
  open({ name: 'safety', before: 'join' });
  inPairing(({ readInvitation }) => readInvitation(hash));
}

/** Asks the server what is new; while a seat is being taken, that comes first. */
function refresh() {
  if (document.visibilityState !== 'visible') return;
  if (kept('pending') === null) home.send({ type: 'refresh' });
  renewReminders();
}

/** Whenever the person or the network comes back. */
function lookAgain() {
  addEventListener('online', refresh);
  addEventListener('focus', refresh);
  document.addEventListener('visibilitychange', refresh);
  addEventListener('hashchange', () => openInvitation(takeFragment(), adopt));
}

/** Starts the app in `root`. */
export async function start(root: Element) {
  const hash = takeFragment();
  if (!isAvailable()) {
    root.replaceChildren();
    render(<Insecure />, root);
    return;
  }
  startNavigation();
  prepareToLeave(
    () => render(null, root),
    () => config.peek()?.leave_url,
  );
  const where = await openKeystore();
  home.send({ type: 'seat', seat: kept('seat') });
  startShell();
  root.replaceChildren();
  render(<Shell memoryOnly={where === 'memory'} />, root);

  void loadConfig();
  if (kept('pending') === null) home.send({ type: 'refresh' });
  else inPairing(({ resumeTaking }) => resumeTaking());
  lookAgain();
  openInvitation(hash, go);
  renewReminders();
  void startUpdates();
}
