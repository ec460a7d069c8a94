/** Reminders, joined to the shell. */

import { newReminders, reduceReminders } from '../reminders/flow';
import { unsubscribe } from '../reminders/push';
import { opening, runReminders } from '../reminders/run';
import View from '../reminders/view';
import { machine } from './machine';

const reminders = machine(newReminders, reduceReminders, runReminders);

export const renew = () => reminders.send(opening());
export const silence = () => reminders.send({ type: 'silence' });
/** The seat was given up: this browser need not be reached any more. */
export const forget = () => unsubscribe().catch(() => undefined);

export const enter = renew;
export const Room = () => <View state={reminders.state.value} send={reminders.send} />;
