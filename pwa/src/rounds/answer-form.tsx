/** The ruler and the two choices. The number is kept nowhere: it goes when the ruler leaves the screen. */

import { useSignal } from '@preact/signals';
import { back } from '../app/navigation';
import { t } from '../i18n';
import { dayAndTime } from '../ui/dates';
import { Button, Note, Screen } from '../ui/elements';
import { Choices, goToProblem } from '../ui/form';
import { Ruler } from '../ui/ruler';
import type { AnswerEvent, AnswerState } from './flow-answer';

export function Rate({ onNext }: { onNext: () => void }) {
  const rating = useSignal<number | null>(null);
  return (
    <Screen
      title={t('rate.title')}
      actions={
        <>
          <Button kind="main" onPress={onNext}>
            {t('rate.next')}
          </Button>
          <Button kind="plain" onPress={back}>
            {t('back')}
          </Button>
        </>
      }
    >
      <Ruler
        legend={t('rate.question')}
        low={t('rate.low')}
        high={t('rate.high')}
        value={rating.value}
        onPick={(mark) => (rating.value = mark)}
      />
      <Note>{t('rate.private')}</Note>
      <section>
        <h2>{t('rate.thoughts')}</h2>
        <ul>
          <li>{t('rate.lower')}</li>
          <li>{t('rate.higher')}</li>
        </ul>
        <p class="soft">{t('rate.nothing')}</p>
      </section>
    </Screen>
  );
}

type Choosing = Extract<AnswerState, { step: 'choose' }>;

export function Choose({ state, send }: { state: Choosing; send: (event: AnswerEvent) => void }) {
  const missing = useSignal(false);
  const { choice, scope, closesAt, remaining } = state;
  return (
    <Screen
      title={t('answer.title')}
      actions={
        <>
          <p class="small soft">{t('answer.until', { when: dayAndTime(closesAt) })}</p>
          <Button
            kind="main"
            onPress={() => {
              missing.value = choice === null;
              send({ type: 'send' });
              goToProblem();
            }}
          >
            {t('answer.send')}
          </Button>
          <Button kind="plain" onPress={() => send({ type: 'back' })}>
            {t('answer.back')}
          </Button>
        </>
      }
    >
      <Choices
        name="answer"
        legend={t('answer.question')}
        hint={t('answer.about')}
        tall
        options={[
          ['open', t('answer.open')],
          ['closed', t('answer.closed')],
        ]}
        value={choice}
        error={missing.value && choice === null ? t('answer.pick') : null}
        onPick={(picked) => send({ type: 'choose', choice: picked })}
      />
      {remaining > 1 && (
        <Choices
          name="scope"
          legend={t('answer.scope')}
          hint={t('answer.scope.rest.hint')}
          down
          options={[
            ['round', t('answer.scope.round')],
            ['rest', t('answer.scope.rest')],
          ]}
          value={scope}
          onPick={(picked) => send({ type: 'scope', scope: picked })}
        />
      )}
    </Screen>
  );
}
