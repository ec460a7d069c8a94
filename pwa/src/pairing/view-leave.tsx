/** Two exits: quietly, or telling in fixed words. Both are shown before anything is sent. */

import { back, go, home } from '../app/navigation';
import type { ViewProps } from '../app/machine';
import { t } from '../i18n';
import { dayAndTime } from '../ui/dates';
import { Button, Note, Screen } from '../ui/elements';
import type { LeaveEvent, LeaveState, Setting, Way } from './flow-leave';
import { refusal, Waiting } from './waiting';

type Send = (event: LeaveEvent) => void;

/** From when on a partner who is told can read it. */
const from = ({ next }: Setting) => ({ when: next === null ? t('leave.next') : dayAndTime(next) });

const Choose = ({ state, send }: { state: LeaveState; send: Send }) => (
  <Screen
    title={t('leave.title')}
    actions={
      <Button kind="plain" onPress={back}>
        {t('back')}
      </Button>
    }
  >
    <p>{t('leave.intro')}</p>
    {(['quiet', 'tell'] as const).map((way) => (
      <div key={way} class="card">
        <h2>{t(`leave.${way}`)}</h2>
        <p>{way === 'quiet' ? t('leave.quiet.body') : t('leave.tell.body', from(state))}</p>
        <Button onPress={() => send({ type: 'choose', way })}>{t(`leave.${way}`)}</Button>
      </div>
    ))}
  </Screen>
);

/** Once the run is over there is nobody to tell: only something to clear. */
const Clear = ({ send }: { send: Send }) => (
  <Screen
    title={t('leave.over.sure')}
    actions={
      <>
        <Button onPress={() => send({ type: 'confirm' })}>{t('leave.do.over')}</Button>
        <Button onPress={back}>{t('back')}</Button>
      </>
    }
  >
    <p class="lead">{t('leave.over.body')}</p>
  </Screen>
);

const Confirm = ({ state, way, send }: { state: LeaveState; way: Way; send: Send }) => (
  <Screen
    title={t(`leave.${way}.sure`)}
    actions={
      <>
        <Button onPress={() => send({ type: 'confirm' })}>{t(`leave.do.${way}`)}</Button>
        <Button onPress={() => send({ type: 'back' })}>{t('back')}</Button>
      </>
    }
  >
    {way === 'quiet' ? (
      <p class="lead">{t('leave.quiet.body')}</p>
    ) : (
      <>
        <section>
          <p>{t('leave.tell.words', from(state))}</p>
          <blockquote class="quote">{t('decided.words')}</blockquote>
        </section>
        <Note>
          <p>{t('leave.tell.safety')}</p>
          <Button kind="plain" onPress={() => go({ name: 'safety', before: null })}>
            {t('row.help')}
          </Button>
        </Note>
      </>
    )}
    <p class="soft">{t('leave.final')}</p>
  </Screen>
);

export default function Leave({ state, send }: ViewProps<LeaveState, LeaveEvent>) {
  switch (state.step) {
    case 'choose':
      return <Choose state={state} send={send} />;
    case 'confirm':
      return state.over ? <Clear send={send} /> : <Confirm state={state} way={state.way} send={send} />;
    case 'sending':
      return <Waiting title={t('leave.sending')} />;
    case 'unknown':
      return (
        <Screen title={t('wait.unknown')}>
          <p class="lead">{t('leave.unknown.body')}</p>
        </Screen>
      );
    case 'done':
      return (
        <Screen title={t('leave.done')} actions={<Button onPress={home}>{t('leave.close')}</Button>}>
          <div class="stack">
            <p class="lead">{t('leave.done.body')}</p>
            {state.way === 'tell' && <p>{t('leave.done.tell', from(state))}</p>}
          </div>
        </Screen>
      );
    case 'refused':
      return (
        <Screen title={t('pairing.refused')} actions={<Button onPress={home}>{t('back')}</Button>}>
          <p class="lead">{refusal(state.code)}</p>
        </Screen>
      );
  }
}
