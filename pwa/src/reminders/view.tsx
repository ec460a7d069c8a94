/** Reminders: on or off, when; and plainly why not, where a browser cannot. */

import { useSignal } from '@preact/signals';
import { back } from '../app/navigation';
import type { ViewProps } from '../app/machine';
import { t } from '../i18n';
import { dayAndTime } from '../ui/dates';
import { Button, Note, Screen } from '../ui/elements';
import { Choices, Field } from '../ui/form';
import type { RemindersEvent, RemindersState, When } from './flow';

const HOURS = [1, 2, 3, 6, 12, 24];
const EVENING = '19:00';

/** Where reminders stand, in one sentence. */
function standing({ status, next }: RemindersState): string {
  const first = next[0];
  if (status === 'on' && first !== undefined) return t('reminders.on.next', { when: dayAndTime(first) });
  return t(`reminders.${status}`);
}

const Cannot = ({ why }: { why: 'not_installed' | 'no_push' }) => (
  <Note>
    <p>{t(`reminders.${why}`)}</p>
    <p>{t('reminders.instead')}</p>
  </Note>
);

function WhenFields({ when, onChange }: { when: When; onChange: (when: When) => void }) {
  return (
    <>
      <Choices
        name="when"
        legend={t('reminders.when')}
        options={[
          ['evening', t('reminders.evening')],
          ['hours', t('reminders.hours')],
        ]}
        value={when.kind}
        onPick={(kind) => onChange(kind === 'evening' ? { kind, at: EVENING } : { kind, hours: 3 })}
      />
      {when.kind === 'evening' ? (
        <Field id="at" label={t('reminders.at')}>
          {(tied) => (
            <input
              {...tied}
              type="time"
              required
              value={when.at}
              onInput={(event) => onChange({ kind: 'evening', at: event.currentTarget.value || EVENING })}
            />
          )}
        </Field>
      ) : (
        <Field id="hours" label={t('reminders.before')}>
          {(tied) => (
            <select
              {...tied}
              value={when.hours}
              onChange={(event) => onChange({ kind: 'hours', hours: Number(event.currentTarget.value) })}
            >
              {HOURS.map((hours) => (
                <option key={hours} value={hours}>
                  {hours}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
    </>
  );
}

export default function Reminders({ state, send }: ViewProps<RemindersState, RemindersEvent>) {
  const when = useSignal(state.preference.when);
  const { support, preference } = state;
  return (
    <Screen
      title={t('reminders.title')}
      actions={
        <>
          {support === 'supported' && (
            <Button kind="main" onPress={() => send({ type: 'on', when: when.value })}>
              {t(preference.on ? 'reminders.change' : 'reminders.on.do')}
            </Button>
          )}
          {preference.on && <Button onPress={() => send({ type: 'off' })}>{t('reminders.off.do')}</Button>}
          <Button kind="plain" onPress={back}>
            {t('back')}
          </Button>
        </>
      }
    >
      <div class="stack">
        <p>{t('reminders.intro')}</p>
        <p>{t('reminders.what')}</p>
        <p>{t('reminders.silent')}</p>
      </div>
      {support === 'supported' ? (
        <>
          <WhenFields when={when.value} onChange={(changed) => (when.value = changed)} />
          <p class="note" role="status">
            {standing(state)}
          </p>
        </>
      ) : (
        <Cannot why={support} />
      )}
    </Screen>
  );
}
