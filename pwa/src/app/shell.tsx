/** What is on screen: the frame, and in it the start or a room that has been loaded. */

import { computed, effect, signal } from '@preact/signals';
import { loadTexts, type Part } from '../i18n';
import Welcome from '../pairing/view-welcome';
import Home from '../rounds/view-home';
import { Frame } from '../ui/frame';
import { leaveNow } from './leave-now';
import { screen } from './navigation';
import { loadRoom, partOf, type Room, type Shown } from './rooms';
import { closedRound } from '../rounds/rules';
import { config, home } from './session';
import { applyUpdate, updateReady } from './update';

/** What should be on screen. */
const wanted = computed<Shown>(() => {
  const asked = screen.value;
  const { shown, seat } = home.state.value;
  if (asked.name === 'outcome' ? closedRound(shown, asked.round) : asked.name !== 'start') return asked;
  if (shown.kind === 'over' || shown.kind === 'problem') return { name: shown.kind };
  // The honest page stands before the first answer.
  return shown.kind === 'running' && seat?.told === false ? { name: 'honest', first: true } : { name: 'start' };
});

const rooms = new Map<Part, Room>();
/** What is on screen: the wanted screen, once its room is there. */
const shown = signal<Shown>(wanted.peek());
const loadFailed = signal(false);

const roomOf = (of: Shown): Room | undefined => {
  const part = partOf(of);
  return part && rooms.get(part);
};

function show(next: Shown) {
  const last = shown.peek();
  loadFailed.value = false;
  if (last === next) return;
  if (last.name !== next.name) roomOf(last)?.left?.(last);
  roomOf(next)?.enter?.(next);
  shown.value = next;
}

async function load(part: Part, next: Shown) {
  try {
    const [room] = await Promise.all([loadRoom(part), loadTexts(part)]);
    rooms.set(part, room);
    if (wanted.peek() === next) show(next);
  } catch {
    // Offline, and never opened before.
    loadFailed.value = true;
  }
}

function want(next: Shown) {
  const part = partOf(next);
  if (part === undefined || rooms.has(part)) show(next);
  else void load(part, next);
}

/** Follows the navigation and the state of the run. Called once, at start. */
export function startShell() {
  effect(() => {
    const next = wanted.value;
    // What entering a screen reads is not what this effect depends on.
    queueMicrotask(() => want(next));
  });
}

function Start() {
  const { shown: state } = home.state.value;
  if (state.kind === 'running') return <Home state={state} send={home.send} />;
  return state.kind === 'none' ? <Welcome /> : null;
}

export function Shell({ memoryOnly }: { memoryOnly: boolean }) {
  const room = roomOf(shown.value);
  return (
    <Frame
      leaveNow={leaveNow}
      updateReady={updateReady.value}
      onUpdate={applyUpdate}
      trial={config.value?.trial ?? false}
      memoryOnly={memoryOnly}
      loadFailed={loadFailed.value}
      onRetry={() => want(wanted.peek())}
    >
      {room ? <room.Room shown={shown.value} /> : <Start />}
    </Frame>
  );
}
