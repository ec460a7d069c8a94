/** A state in which nothing can be shown: said plainly, never as quiet, with a way on. */

import { useSignal } from '@preact/signals';
import { go } from '../app/navigation';
import { t } from '../i18n';
import { Button, Note, Row, Rows, Screen } from '../ui/elements';
import type { HomeEvent, Problem } from './flow-home';

export default function ProblemView({ problem, send }: { problem: Problem; send: (event: HomeEvent) => void }) {
  const sure = useSignal(false);
  return (
    <Screen
      title={t(`problem.${problem}`)}
      actions={
        sure.value ? (
          <>
            <Note>
              <p>
                {t('problem.clear.sure')} {t('problem.clear.body')}
              </p>
            </Note>
            <Button onPress={() => send({ type: 'clear' })}>{t('problem.clear.yes')}</Button>
            <Button kind="plain" onPress={() => (sure.value = false)}>
              {t('back')}
            </Button>
          </>
        ) : (
          <>
            <Button kind="main" onPress={() => send({ type: 'refresh' })}>
              {t('try.again')}
            </Button>
            {problem !== 'keys_missing' && <Button onPress={() => (sure.value = true)}>{t('problem.clear')}</Button>}
          </>
        )
      }
    >
      <p>{t(`problem.${problem}.body`)}</p>
      <Rows>
        {problem === 'keys_missing' && <Row onPress={() => go({ name: 'leave' })}>{t('home.leave')}</Row>}
        <Row onPress={() => go({ name: 'safety', before: null })}>{t('row.help')}</Row>
        <Row onPress={() => go({ name: 'about' })}>{t('row.about')}</Row>
      </Rows>
    </Screen>
  );
}
