/** Take up an invitation: four sentences, the schedule in one's own time, and two ways on, alike. */

import { useSignal } from '@preact/signals';
import { go, home } from '../app/navigation';
import type { ViewProps } from '../app/machine';
import { t } from '../i18n';
import { dayAndTime } from '../ui/dates';
import { Button, Screen } from '../ui/elements';
import { Field, goToProblem } from '../ui/form';
import type { JoinEvent, JoinState } from './flow-join';
import { NoReply, refusal, Waiting } from './waiting';

type Send = (event: JoinEvent) => void;

const NotNow = () => <Button onPress={home}>{t('join.not')}</Button>;

function Paste({ problem, send }: { problem: string | null; send: Send }) {
  const text = useSignal('');
  return (
    <Screen
      title={t('join.title')}
      actions={
        <>
          <Button
            kind="main"
            onPress={() => {
              send({ type: 'read', text: text.value });
              goToProblem();
            }}
          >
            {t('join.look')}
          </Button>
          <Button kind="plain" onPress={home}>
            {t('join.not')}
          </Button>
        </>
      }
    >
      <Field id="invitation" label={t('join.paste')} hint={t('join.paste.hint')} error={problem}>
        {(tied) => (
          <textarea
            {...tied}
            rows={5}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            value={text.value}
            onInput={(event) => (text.value = event.currentTarget.value)}
          />
        )}
      </Field>
      <p class="small soft">{t('join.paste.installed')}</p>
    </Screen>
  );
}

const Offered = ({ state, send }: { state: Extract<JoinState, { step: 'offered' }>; send: Send }) => (
  <Screen
    title={t('join.title')}
    actions={
      <div class="beside">
        <Button onPress={() => send({ type: 'join' })}>{t('join.do')}</Button>
        <NotNow />
      </div>
    }
  >
    <div class="stack">
      <p class="lead">{t(`join.what.${state.wording}`)}</p>
      <p>{t('join.nothing')}</p>
      <p>
        {t('join.unreported')} {t('join.gap', { when: dayAndTime(state.expiresAt) })}
      </p>
      <p>{t('join.alike')}</p>
    </div>
    <section class="card">
      <h2>{t('join.closes')}</h2>
      <ul class="dates">
        {state.closes.map((instant) => (
          <li key={instant}>{dayAndTime(instant)}</li>
        ))}
      </ul>
      <p class="hint">{t('join.closes.zone')}</p>
    </section>
    <p class="soft">{t('join.until', { when: dayAndTime(state.expiresAt) })}</p>
  </Screen>
);

const Unused = ({ title, body, again, send }: { title: string; body: string; again: string; send: Send }) => (
  <Screen
    title={title}
    actions={
      <>
        <Button onPress={() => send({ type: 'again' })}>{again}</Button>
        <NotNow />
      </>
    }
  >
    <p class="lead">{body}</p>
  </Screen>
);

export default function Join({ state, send }: ViewProps<JoinState, JoinEvent>) {
  switch (state.step) {
    case 'paste':
      return <Paste problem={state.problem && t('join.paste.problem')} send={send} />;
    case 'looking':
      return <Waiting title={t('join.looking')} />;
    case 'unreachable':
      return (
        <Unused title={t('join.unreachable')} body={t('join.unreachable.body')} again={t('try.again')} send={send} />
      );
    case 'offered':
      return <Offered state={state} send={send} />;
    case 'joining':
      return <Waiting title={t('join.joining')} />;
    case 'unknown':
      return <NoReply />;
    case 'joined':
      return (
        <Screen
          title={t('join.joined')}
          actions={
            <>
              <Button kind="main" onPress={home}>
                {t('join.go')}
              </Button>
              <Button kind="plain" onPress={() => go({ name: 'safety', before: null })}>
                {t('row.help')}
              </Button>
            </>
          }
        >
          <p class="lead">{t('join.joined.body')}</p>
        </Screen>
      );
    case 'gone':
      return <Unused title={t('join.gone')} body={t('join.gone.body')} again={t('join.other')} send={send} />;
    case 'has_seat':
      return (
        <Screen title={t('pairing.refused')} actions={<Button onPress={home}>{t('back')}</Button>}>
          <p class="lead">{t('refused.has_seat')}</p>
        </Screen>
      );
    case 'refused':
      return <Unused title={t('pairing.refused')} body={refusal(state.code)} again={t('try.again')} send={send} />;
  }
}
