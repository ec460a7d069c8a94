/**
 * Rate, answer, sent, too late; also *stop asking me*.
 * The number lives in this view alone. After sending, nothing on screen tells what was sent.
 */

import type { ComponentChildren } from 'preact';
import { back, go, home } from '../app/navigation';
import type { ViewProps } from '../app/machine';
import { t } from '../i18n';
import { dayAndTime } from '../ui/dates';
import { Button, Screen } from '../ui/elements';
import type { AnswerEvent, AnswerState } from './flow-answer';
import { Choose, Rate } from './answer-form';

type Late = Extract<AnswerState, { step: 'late' }>;

const ToRound = ({ kind }: { kind?: 'main' }) => (
  <Button {...(kind && { kind })} onPress={home}>
    {t('to.round')}
  </Button>
);

/** A screen that only says something and leads back. */
const Said = ({
  title,
  children,
  actions,
}: {
  title: string;
  children: ComponentChildren;
  actions?: ComponentChildren;
}) => (
  <Screen title={title} actions={actions ?? <ToRound kind="main" />}>
    <div class="stack">{children}</div>
  </Screen>
);

const TooLate = ({ state, again }: { state: Late; again: () => void }) => (
  <Said
    title={t(`late.${state.why}`)}
    actions={
      <>
        {(state.why === 'closed' || state.why === 'closed_unknown') && (
          <Button onPress={again}>{t('late.again')}</Button>
        )}
        <ToRound />
      </>
    }
  >
    <p class="lead">{t(`late.${state.why}.body`)}</p>
    {state.clock !== null && <p>{t('late.clock', { n: Math.round(Math.abs(state.clock) / 60) })}</p>}
  </Said>
);

const Behind = ({ again }: { again: () => void }) => (
  <Said
    title={t('behind.title')}
    actions={
      <>
        <Button onPress={again}>{t('behind.again')}</Button>
        <ToRound />
      </>
    }
  >
    <p class="lead">{t('behind.body')}</p>
    <p>{t('behind.other')}</p>
  </Said>
);

export default function Answer({ state, send }: ViewProps<AnswerState, AnswerEvent>) {
  switch (state.step) {
    case 'rate':
      return <Rate onNext={() => send({ type: 'rated' })} />;
    case 'choose':
      return <Choose state={state} send={send} />;
    case 'stop':
      return (
        <Screen
          title={t('stop.title')}
          actions={
            <>
              <Button kind="main" onPress={() => send({ type: 'stop' })}>
                {t('stop.do')}
              </Button>
              <Button kind="plain" onPress={back}>
                {t('back')}
              </Button>
            </>
          }
        >
          <div class="stack">
            <p class="lead">{t('stop.body')}</p>
            <p>{t('stop.other')}</p>
            <p>{t('stop.change')}</p>
          </div>
        </Screen>
      );
    case 'sending':
      return (
        <Screen title={t('sending.title')}>
          <p>{t('sending.body')}</p>
        </Screen>
      );
    case 'unknown':
      return (
        <Said title={t('unknown.title')}>
          <p class="lead">{t('unknown.body')}</p>
          <p>{t('unknown.closing')}</p>
        </Said>
      );
    case 'sent':
      return (
        <Said title={t('sent.title')}>
          <p class="lead">{t('sent.body', { when: dayAndTime(state.closesAt) })}</p>
          {state.scope === 'rest' && <p>{t('sent.rest')}</p>}
        </Said>
      );
    case 'late':
      return <TooLate state={state} again={() => send({ type: 'again' })} />;
    case 'refused':
      if (state.code === 'out_of_order') return <Behind again={() => send({ type: 'again' })} />;
      return (
        <Said title={t('refused.title')}>
          <p>{t('refused.body', { code: state.code })}</p>
        </Said>
      );
    case 'nothing':
      return (
        <Said title={t('nothing.title')}>
          <p>{t('nothing.body')}</p>
          <p>
            <Button kind="plain" onPress={() => go({ name: 'safety', before: null })}>
              {t('row.help')}
            </Button>
          </p>
        </Said>
      );
  }
}
