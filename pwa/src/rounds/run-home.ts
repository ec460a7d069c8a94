/** Carries out what the home flow asks for. */

import { getPair } from '../api';
import { later, now } from '../clock';
import { change, changeSeat, kept, type Seat } from '../keystore';
import type { HomeEffect, HomeEvent, HomeNews } from './flow-home';
import { heard } from './server-time';
import { KeyMissing, settle } from './settle';

type Send = (event: HomeEvent | HomeNews) => void;

let takeBack = (): void => undefined;

/** Read anew, as another tab may have joined, settled or left; where storage fails, as last read. */
async function readSeat(): Promise<Seat | null> {
  try {
    return (await change(() => ({}))).seat;
  } catch {
    return kept('seat');
  }
}

async function fetchView(send: Send) {
  const result = await getPair();
  if (result.kind === 'ok') heard(result.value);
  send({ type: 'viewed', result, seat: await readSeat() });
}

async function carryOut(effect: Exclude<HomeEffect, { type: 'wake' }>, send: Send): Promise<void> {
  const seat = kept('seat');
  switch (effect.type) {
    case 'fetch':
      return fetchView(send);
    case 'settle':
      // The seat may be another by now, and this view not its own.
      if (seat !== null && seat.pairId === effect.view.pair_id)
        send({ type: 'seat', seat: await settle(seat, effect.view, now()) });
      return;
    case 'looked':
      if (seat === null) return;
      send({
        type: 'seat',
        seat: await changeSeat(seat.pairId, ({ outcomes }) => {
          const resolved = outcomes[effect.round];
          return resolved ? { outcomes: outcomes.with(effect.round, { ...resolved, looked: true }) } : {};
        }),
      });
      return;
    case 'erase':
      await change(() => ({ seat: null, pending: null, reminders: null, notification: null }));
      send({ type: 'seat', seat: null });
      return;
  }
}

// One after the other: two views never settle the same round at once.
let queue = Promise.resolve();

export function runHome(effect: HomeEffect, send: Send): void {
  if (effect.type === 'wake') {
    takeBack();
    takeBack = later(() => send({ type: 'woken' }), effect.at - now());
    return;
  }
  queue = queue
    .then(() => carryOut(effect, send))
    // Storage that refused a write leaves everything as it was: shown so, and tried again at the next look.
    .catch((error: unknown) =>
      send(error instanceof KeyMissing ? { type: 'keyless' } : { type: 'seat', seat: kept('seat') }),
    );
}
