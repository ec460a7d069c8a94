/** The form of an invitation: what it is about, which days, how many rounds. */

import { back } from '../app/navigation';
import { t } from '../i18n';
import { dayAndTime } from '../ui/dates';
import { Button, Screen } from '../ui/elements';
import { Choices, Field, goToProblem } from '../ui/form';
import type { FormProblem, InviteEvent, InviteForm, InviteState } from './flow-invite';

type Filling = Extract<InviteState, { step: 'form' }>;
type Edit = (change: Partial<InviteForm>) => void;

/** Rounds that close minutes apart start like this, where the server allows them at all. */
const TRIAL = { first: 2, every: 2 };

const value = (event: Event) => (event.currentTarget as HTMLInputElement | HTMLSelectElement).value;

/** @param seconds the shortest lead that the server takes. */
function lead(seconds: number): string {
  if (seconds < 60) return t('invite.lead.seconds', { n: seconds });
  if (seconds < 3600) return t('invite.lead.minutes', { n: Math.ceil(seconds / 60) });
  return t('invite.lead.hours', { n: Math.ceil(seconds / 3600) });
}

/** What is wrong with the field `of`, in words; null if the problem lies elsewhere. */
function wrong(state: Filling, ...of: FormProblem[]): string | null {
  const { problem } = state;
  if (problem === null || !of.includes(problem)) return null;
  if (problem === 'too_soon' || problem === 'minutes')
    return t(`invite.problem.${problem}`, { lead: lead(state.lead) });
  return t(`invite.problem.${problem}`);
}

const Days = ({ state, edit }: { state: Filling; edit: Edit }) => (
  <>
    <Field id="date" label={t('invite.date')} error={wrong(state, 'date', 'too_soon')}>
      {(tied) => (
        <input {...tied} type="date" required value={state.form.date} onInput={(e) => edit({ date: value(e) })} />
      )}
    </Field>
    <Field id="time" label={t('invite.time')} hint={t('invite.zone', { zone: state.form.zone.replaceAll('_', ' ') })}>
      {(tied) => (
        <input {...tied} type="time" required value={state.form.time} onInput={(e) => edit({ time: value(e) })} />
      )}
    </Field>
    <Choices
      name="every"
      legend={t('invite.every')}
      options={[
        ['week', t('invite.every.week')],
        ['fortnight', t('invite.every.fortnight')],
      ]}
      value={state.form.every}
      onPick={(every) => edit({ every })}
    />
  </>
);

const Minutes = ({ state, edit }: { state: Filling; edit: Edit }) => {
  const minutes = state.form.minutes ?? TRIAL;
  const part = (name: 'first' | 'every', label: string, error: string | null) => (
    <Field id={`minutes-${name}`} label={label} error={error}>
      {(tied) => (
        <input
          {...tied}
          type="number"
          inputMode="decimal"
          min="0"
          step="any"
          value={minutes[name]}
          onInput={(e) => edit({ minutes: { ...minutes, [name]: Number(value(e)) } })}
        />
      )}
    </Field>
  );
  return (
    <>
      {part('first', t('invite.first'), wrong(state, 'minutes', 'too_soon'))}
      {part('every', t('invite.apart'), null)}
    </>
  );
};

const Closes = ({ closes }: { closes: readonly number[] | null }) =>
  closes && (
    <section class="card">
      <h2>{t('invite.closes')}</h2>
      <ul class="dates">
        {closes.map((instant) => (
          <li key={instant}>{dayAndTime(instant)}</li>
        ))}
      </ul>
    </section>
  );

export function InviteFields({ state, send }: { state: Filling; send: (event: InviteEvent) => void }) {
  const edit: Edit = (change) => send({ type: 'edit', change });
  const { form } = state;
  return (
    <Screen
      title={t('invite.title')}
      actions={
        <>
          <Button
            kind="main"
            onPress={() => {
              send({ type: 'create' });
              goToProblem();
            }}
          >
            {t('invite.make')}
          </Button>
          <Button kind="plain" onPress={back}>
            {t('back')}
          </Button>
        </>
      }
    >
      <p>{t('invite.intro')}</p>
      <Choices
        name="wording"
        legend={t('invite.wording')}
        options={[
          ['marriage', t('invite.wording.marriage')],
          ['relationship', t('invite.wording.relationship')],
        ]}
        value={form.wording}
        onPick={(wording) => edit({ wording })}
      />
      {state.allowsMinutes && (
        <Choices
          name="plan"
          legend={t('invite.plan')}
          options={[
            ['days', t('invite.plan.days')],
            ['minutes', t('invite.plan.minutes')],
          ]}
          value={form.minutes === null ? 'days' : 'minutes'}
          onPick={(plan) => edit({ minutes: plan === 'days' ? null : TRIAL })}
        />
      )}
      {form.minutes === null ? <Days state={state} edit={edit} /> : <Minutes state={state} edit={edit} />}
      <Field id="rounds" label={t('invite.rounds')} hint={t('invite.rounds.hint')} error={wrong(state, 'rounds')}>
        {(tied) => (
          <select {...tied} value={form.rounds} onChange={(e) => edit({ rounds: Number(value(e)) })}>
            {Array.from({ length: 12 }, (_, index) => (
              <option key={index} value={index + 1}>
                {index + 1}
              </option>
            ))}
          </select>
        )}
      </Field>
      {state.needsCode && (
        <Field
          id="access-code"
          label={t('invite.code')}
          hint={t('invite.code.hint')}
          error={wrong(state, 'access_code')}
        >
          {(tied) => (
            <input
              {...tied}
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
              value={form.accessCode}
              onInput={(e) => edit({ accessCode: value(e) })}
            />
          )}
        </Field>
      )}
      <Closes closes={state.closes} />
    </Screen>
  );
}
