/** Carries out what the pairing flows ask for. */

import { getInvitation, getPair, leavePair } from '../api';
import { now } from '../clock';
import { decode, encode, type Bytes } from '../crypto/encoding';
import { makeLink, pairIdOf } from '../crypto/protocol';
import { insist, type Definite } from '../insist';
import { change, kept, type Seat } from '../keystore';
import type { InviteEffect, InviteEvent, InviteNews } from './flow-invite';
import type { JoinEffect, JoinEvent, JoinNews } from './flow-join';
import type { LeaveEffect, LeaveEvent, LeaveNews } from './flow-leave';
import { linkTo } from './invitation';
import { settlePending, takeSeat, type Taken } from './take-seat';

/** What the shell lends this domain. */
export interface PairingShell {
  /** A seat was taken, or given up (null). */
  seated: (seat: Seat | null) => void;
}

/** An invitation lasts this long at most: seconds (protocol, section 5). */
const INVITATION = 72 * 3600;

/** The invitation that this phone made, while it can be shown; for the invite flow. */
export function standingInvitation(): Extract<InviteNews, { type: 'open' }>['ready'] {
  const seat = kept('seat');
  const invitation = seat?.invitation ?? null;
  if (seat === null || invitation === null || invitation.expiresAt * 1000 <= now()) return null;
  const link = decode(invitation.link, 16);
  if (link === null) return null;
  const { closes, wording } = seat;
  return { link: linkTo(location.origin, link), expiresAt: invitation.expiresAt, closes, wording };
}

function tellInvite(taken: Taken, send: (event: InviteNews) => void, shell: PairingShell) {
  if (taken.kind === 'refused') {
    send({ type: 'refused', code: taken.code });
    return;
  }
  shell.seated(taken.seat);
  const ready = standingInvitation();
  if (ready !== null) send({ type: 'created', ready });
}

function tellJoin(taken: Taken, send: (event: JoinNews) => void, shell: PairingShell) {
  if (taken.kind === 'refused') {
    send({ type: 'refused', code: taken.code });
    return;
  }
  shell.seated(taken.seat);
  send({ type: 'joined' });
}

const storageFailed = (): Taken => ({ kind: 'refused', code: 'storage' });

export const runInvite =
  (shell: PairingShell) =>
  ({ closes, wording, accessCode }: InviteEffect, send: (event: InviteEvent | InviteNews) => void): void => {
    const expiresAt = Math.min(Math.floor(now() / 1000) + INVITATION, closes.at(-1) ?? 0);
    const wish = { kind: 'create', link: makeLink(), closes, wording, accessCode, expiresAt } as const;
    void takeSeat(wish, () => send({ type: 'unknown' }))
      .catch(storageFailed)
      .then((taken) => tellInvite(taken, send, shell));
  };

async function look(link: Bytes, send: (event: JoinNews) => void) {
  const result = await getInvitation(encode(await pairIdOf(link)));
  if (result.kind === 'ok') send({ type: 'found', invitation: result.value });
  else send(result.kind === 'unknown' ? { type: 'unreachable' } : { type: 'refused', code: result.code });
}

export const runJoin =
  (shell: PairingShell) =>
  (effect: JoinEffect, send: (event: JoinEvent | JoinNews) => void): void => {
    const link = decode(effect.code, 16);
    if (link === null) return;
    if (effect.type === 'look') {
      void look(link, send);
      return;
    }
    const { closes, wording, expiresAt } = effect;
    void takeSeat({ kind: 'join', link, closes, wording, accessCode: null, expiresAt }, () => send({ type: 'unknown' }))
      .catch(storageFailed)
      .then((taken) => tellJoin(taken, send, shell));
  };

/**
 * Goes on with a create or join that an earlier page left without a reply.
 * @returns which of the two, or null.
 */
export function resume(
  shell: PairingShell,
  invite: (event: InviteNews) => void,
  join: (event: JoinNews) => void,
): 'invite' | 'join' | null {
  const pending = kept('pending');
  if (pending === null) return null;
  const created = pending.kind === 'create';
  const unknown = created ? () => invite({ type: 'unknown' }) : () => join({ type: 'unknown' });
  (created ? invite : join)({ type: 'resumed' });
  const tell = (taken: Taken) => (created ? tellInvite(taken, invite, shell) : tellJoin(taken, join, shell));
  void settlePending(pending, unknown).catch(storageFailed).then(tell);
  return created ? 'invite' : 'join';
}

async function leave(way: LeaveEffect['way'], send: (event: LeaveNews) => void, shell: PairingShell) {
  const unknown = () => send({ type: 'unknown' });
  const left = (reply: Definite<unknown> | null) => reply?.kind === 'refused' && reply.code === 'no_pair';
  // Sent again, by this phone or behind its back by the browser, leaving finds no seat any more. Whether there was
  // one is therefore asked first: without one nobody can be told, with one a missing seat means that it is done.
  const seat = await insist(getPair, unknown);
  const reply = left(seat) ? seat : await insist(() => leavePair(way === 'tell'), unknown);
  if (reply?.kind === 'refused' && (reply === seat || !left(reply))) {
    send({ type: 'refused', code: reply.code });
    return;
  }
  await change(() => ({ seat: null, pending: null, reminders: null, notification: null }));
  send({ type: 'left' });
  shell.seated(null);
}

export const runLeave =
  (shell: PairingShell) =>
  ({ way }: LeaveEffect, send: (event: LeaveEvent | LeaveNews) => void): void => {
    void leave(way, send, shell);
  };
