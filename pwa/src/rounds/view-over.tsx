/**
 * The run is over: finished, both open, or told that the partner has decided.
 * While a closed round has not been looked at, nothing here tells how it ended.
 */

import { useSignal } from '@preact/signals';
import { go } from '../app/navigation';
import { t } from '../i18n';
import { day } from '../ui/dates';
import { Button, Row, Rows, Screen } from '../ui/elements';
import { Scene } from '../ui/icons';
import type { HomeEvent, HomeState } from './flow-home';
import { JustClosed } from './just-closed';

type Over = Extract<HomeState, { kind: 'over' }>;

const Finished = () => (
  <div class="stack">
    <p class="lead">{t('over.lead')}</p>
    <p>{t('over.body')}</p>
    <p>{t('over.own')}</p>
  </div>
);

const Both = ({ state }: { state: Over }) => {
  const match = state.closed.find(({ outcome }) => outcome === 'both');
  return (
    <div class="stack">
      <p class="lead">{t('over.both.body')}</p>
      {match && (
        <Button kind="main" onPress={() => go({ name: 'outcome', round: match.round })}>
          {t('home.last', { day: day(match.closedAt) })}
        </Button>
      )}
      <Button onPress={() => go({ name: 'library', topic: 'conversation' })}>{t('both.guide')}</Button>
    </div>
  );
};

/** The words open by a tap, as every outcome does: someone may be looking over a shoulder. */
function Decided() {
  const read = useSignal(false);
  return (
    <div class="stack">
      <p class="lead">{t('over.decided.lead')}</p>
      {read.value ? (
        <>
          <blockquote class="quote">{t('decided.words')}</blockquote>
          <p>{t('over.decided.body')}</p>
          <p>{t('over.decided.self')}</p>
        </>
      ) : (
        <Button onPress={() => (read.value = true)}>{t('over.decided.read')}</Button>
      )}
    </div>
  );
}

export default function OverView({ state }: { state: Over; send: (event: HomeEvent) => void }) {
  const unseen = state.closed.some(({ looked }) => !looked);
  const last = state.closed.at(-1);
  const help = (
    <Button kind="plain" onPress={() => go({ name: 'safety', before: null })}>
      {t('row.help')}
    </Button>
  );
  if (unseen) {
    return (
      <Screen title={t('over.closed')} above={<Scene />} actions={help}>
        <JustClosed closed={state.closed} />
      </Screen>
    );
  }
  return (
    <Screen
      title={t('over.title')}
      above={<Scene />}
      actions={help}
      more={
        <Rows>
          {last && state.ended !== 'both' && (
            <Row onPress={() => go({ name: 'outcome', round: last.round })}>
              {t('home.last', { day: day(last.closedAt) })}
            </Row>
          )}
          <Row onPress={() => go({ name: 'leave' })}>{t('over.leave')}</Row>
          <Row onPress={() => go({ name: 'about' })}>{t('row.about')}</Row>
        </Rows>
      }
    >
      {state.ended === 'both' ? <Both state={state} /> : state.ended === 'decided' ? <Decided /> : <Finished />}
      <p class="soft">{t('over.erased', { day: day(state.erasedAt) })}</p>
    </Screen>
  );
}
