/** Making an invitation (protocol, sections 3 and 5). */

import type { Step } from '../app/machine';
import type { Config, Wording } from '../wire';
import { closesOf, firstProposal } from './schedule';

/** What the form holds, as typed. */
export interface InviteForm {
  /** First close, in the chosen zone. `YYYY-MM-DD`; its weekday is the weekday of every round. */
  date: string;
  /** `HH:MM` */
  time: string;
  /** IANA name. */
  zone: string;
  /** 1 to 12. */
  rounds: number;
  every: 'week' | 'fortnight';
  wording: Wording;
  accessCode: string;
  /** Only where the server lets rounds close minutes apart: used instead of date, time, zone and every. */
  minutes: { first: number; every: number } | null;
}

/** What keeps the form from being sent. */
export type FormProblem =
  /** Date, time or zone do not make an instant. */
  | 'date'
  /** The first close is nearer than the server allows. */
  | 'too_soon'
  | 'rounds'
  /** Minutes below what the server allows. */
  | 'minutes'
  | 'access_code';

export type InviteState =
  | {
      step: 'form';
      form: InviteForm;
      /** The closing instants that the form makes, UTC seconds; null when it makes none. */
      closes: readonly number[] | null;
      problem: FormProblem | null;
      /** Whether the server asks for an access code, and for rounds minutes apart. */
      needsCode: boolean;
      allowsMinutes: boolean;
      /** Seconds: the shortest lead that the server takes. */
      lead: number;
    }
  | { step: 'creating' }
  /** No reply has come; the same request is being sent again. */
  | { step: 'unknown' }
  | { step: 'ready'; link: string; expiresAt: number; closes: readonly number[]; wording: Wording }
  /** The invitation that was made here has expired. */
  | { step: 'expired' }
  /** `access_code`, `has_seat`, `pair_exists`, `invalid`, `too_many_requests` … */
  | { step: 'refused'; code: string };

/** What a view may send. */
export type InviteEvent =
  | { type: 'edit'; change: Partial<InviteForm> }
  | { type: 'create' }
  /** From a refusal back to the form, as it was filled in. */
  | { type: 'again' };

/** An invitation that stands. */
type Ready = Omit<Extract<InviteState, { step: 'ready' }>, 'step'>;

/** What the shell and the runner send besides. */
export type InviteNews =
  /** The screen was opened: `ready` when this phone made an invitation that has not expired. */
  | { type: 'open'; config: Config | null; zone: string; ready: Ready | null; seated: boolean }
  /** A create whose reply never came is being sent again. */
  | { type: 'resumed' }
  | { type: 'unknown' }
  | { type: 'created'; ready: Ready }
  | { type: 'refused'; code: string };

export type InviteEffect = {
  type: 'create';
  closes: readonly number[];
  wording: Wording;
  accessCode: string | null;
};

type Form = Extract<InviteState, { step: 'form' }>;

/** What the flow remembers besides what is shown: the form, so that a refusal loses nothing. */
export interface Invite {
  shown: InviteState;
  form: Form | null;
}

export const newInvite: Invite = { shown: { step: 'creating' }, form: null };

/** A server that has not been heard takes no less than an hour, and asks for no code. */
const HOUR = 3600;

function problemOf(form: Form, closes: readonly number[] | null, now: number): FormProblem | null {
  const { rounds, minutes, accessCode } = form.form;
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 12) return 'rounds';
  if (minutes !== null && Math.min(minutes.first, minutes.every) * 60 < form.lead) return 'minutes';
  const first = closes?.[0];
  if (first === undefined) return 'date';
  if (minutes === null && first * 1000 < now + form.lead * 1000) return 'too_soon';
  return form.needsCode && accessCode.trim() === '' ? 'access_code' : null;
}

/** The form with what follows from what was typed. */
function filled(form: Form, now: number): Form {
  const closes = closesOf(form.form, now);
  return { ...form, closes, problem: problemOf(form, closes, now) };
}

function emptyForm(config: Config | null, zone: string, now: number): Form {
  const lead = config?.min_interval ?? HOUR;
  const form: InviteForm = {
    ...firstProposal(zone, now),
    zone,
    rounds: 5,
    every: 'week',
    wording: 'relationship',
    accessCode: '',
    // Trying it takes a minute or two.
    minutes: config?.trial ? { first: 2, every: 2 } : null,
  };
  const empty = { step: 'form', form, closes: null, problem: null, lead } as const;
  return filled({ ...empty, needsCode: config?.access_code ?? false, allowsMinutes: lead < HOUR }, now);
}

/** The reducer. `now` in milliseconds. */
export function reduceInvite(invite: Invite, event: InviteEvent | InviteNews, now: number): Step<Invite, InviteEffect> {
  const { shown, form } = invite;
  const show = (next: InviteState): Step<Invite, InviteEffect> => ({ state: { ...invite, shown: next }, effects: [] });
  switch (event.type) {
    case 'open': {
      if (event.ready !== null) return show({ step: 'ready', ...event.ready });
      if (event.seated) return show({ step: 'expired' });
      if (shown.step === 'unknown' || (shown.step === 'creating' && form !== null)) return show(shown);
      const opened = form === null ? emptyForm(event.config, event.zone, now) : filled(form, now);
      return { state: { shown: opened, form: opened }, effects: [] };
    }
    case 'edit': {
      if (shown.step !== 'form') return show(shown);
      const edited = filled({ ...shown, form: { ...shown.form, ...event.change } }, now);
      return { state: { shown: edited, form: edited }, effects: [] };
    }
    case 'create': {
      if (shown.step !== 'form') return show(shown);
      // Time has passed since the last key was pressed.
      const last = filled(shown, now);
      if (last.problem !== null || last.closes === null) return { state: { shown: last, form: last }, effects: [] };
      const accessCode = last.needsCode ? last.form.accessCode.trim() : null;
      const create = { type: 'create', closes: last.closes, wording: last.form.wording, accessCode } as const;
      return { state: { shown: { step: 'creating' }, form: last }, effects: [create] };
    }
    case 'again':
      return shown.step === 'refused' && form !== null ? show(filled(form, now)) : show(shown);
    case 'resumed':
    case 'unknown':
      return show({ step: 'unknown' });
    case 'created':
      return { state: { shown: { step: 'ready', ...event.ready }, form: null }, effects: [] };
    case 'refused':
      return show({ step: 'refused', code: event.code });
  }
}
