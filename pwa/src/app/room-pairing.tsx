/** Inviting, joining and leaving, joined to the shell. */

import { kept } from '../keystore';
import { newInvite, reduceInvite } from '../pairing/flow-invite';
import { newJoin, reduceJoin } from '../pairing/flow-join';
import { newLeave, reduceLeave, type Setting } from '../pairing/flow-leave';
import { resume, runInvite, runJoin, runLeave, standingInvitation } from '../pairing/run';
import Invite from '../pairing/view-invite';
import Join from '../pairing/view-join';
import Leave from '../pairing/view-leave';
import { machine } from './machine';
import { go } from './navigation';
import type { Shown } from './rooms';
import { config, home, pairingShell } from './session';

const invite = machine(newInvite, reduceInvite, runInvite(pairingShell));
const join = machine(newJoin, reduceJoin, runJoin(pairingShell));
const leave = machine(newLeave, reduceLeave, runLeave(pairingShell));

/** An invitation that came with the address. */
export const readInvitation = (text: string) => join.send({ type: 'read', text });

/** Goes on with a create or join whose reply never came. */
export function resumeTaking() {
  const name = resume(pairingShell, invite.send, join.send);
  if (name !== null) go({ name });
}

function whatLeavingMeans(): Setting {
  const { shown } = home.state.peek();
  return { over: shown.kind === 'over', next: shown.kind === 'running' ? (shown.round?.closesAt ?? null) : null };
}

export function enter({ name }: Shown) {
  const seated = kept('seat') !== null;
  if (name === 'join') join.send({ type: 'open', seated });
  if (name === 'leave') leave.send({ type: 'open', ...whatLeavingMeans() });
  if (name !== 'invite') return;
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  invite.send({ type: 'open', config: config.peek(), zone, ready: standingInvitation(), seated });
}

export function Room({ shown }: { shown: Shown }) {
  if (shown.name === 'invite') return <Invite state={invite.state.value.shown} send={invite.send} />;
  if (shown.name === 'join') return <Join state={join.state.value} send={join.send} />;
  return <Leave state={leave.state.value} send={leave.send} />;
}
