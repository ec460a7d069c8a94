/** How the app starts: in order, from the address to the first screen. */

import { render } from 'preact';
import { isAvailable } from '../crypto/primitives';
import { kept, openKeystore } from '../keystore';
import { prepareToLeave } from './leave-now';
import { go, startNavigation } from './navigation';
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

const loadPairing = () => import('./room-pairing');

/** An invitation that came with the address: the safety page first, then the invitation. */
async function openInvitation(hash: string) {
  if (!hash.startsWith('#join=')) return;
  go({ name: 'safety', before: 'join' });
  (await loadPairing()).readInvitation(hash);
}

/** Asks the server what is new; while a seat is being taken, that comes first. */
function refresh() {
  if (document.visibilityState === 'visible' && kept('pending') === null) home.send({ type: 'refresh' });
}

/** Whenever the person or the network comes back. */
function lookAgain() {
  addEventListener('online', refresh);
  addEventListener('focus', refresh);
  document.addEventListener('visibilitychange', refresh);
  addEventListener('hashchange', () => void openInvitation(takeFragment()));
}

/** Starts the app in `root`. */
export async function start(root: Element) {
  const hash = takeFragment();
  root.replaceChildren();
  if (!isAvailable()) {
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
  render(<Shell memoryOnly={where === 'memory'} />, root);

  void loadConfig();
  if (kept('pending') === null) home.send({ type: 'refresh' });
  else void loadPairing().then(({ resumeTaking }) => resumeTaking());
  lookAgain();
  void openInvitation(hash);
  renewReminders();
  void startUpdates();
}
