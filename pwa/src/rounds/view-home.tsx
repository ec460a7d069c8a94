/**
 * The quiet home, the screen of the product: when the round closes, and the way to answer.
 * It never says how a round ended, whether an answer exists, or how many rounds there were:
 * someone may be looking over a shoulder.
 */

import { go } from '../app/navigation';
import { t } from '../i18n';
import { day, dayAndTime } from '../ui/dates';
import { Button, Note, Row, Rows, Screen } from '../ui/elements';
import { Scene } from '../ui/icons';
import type { HomeEvent, HomeState } from './flow-home';
import { JustClosed } from './just-closed';

type Running = Extract<HomeState, { kind: 'running' }>;

/** @param seconds how far off, either way. */
function off(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60);
  return minutes < 120 ? t('off.minutes', { n: minutes }) : t('off.hours', { n: Math.round(minutes / 60) });
}

export default function Home({ state, send }: { state: Running; send: (event: HomeEvent) => void }) {
  const { round, clock, contact, invitationUntil } = state;
  const last = state.closed.at(-1);
  const offline = contact === 'unreachable';
  return (
    <Screen
      title={t(round === null ? 'home.closing' : 'home.title')}
      above={<Scene />}
      actions={
        <>
          {round !== null && (
            <Button kind="main" onPress={() => go({ name: 'answer' })}>
              {t('home.answer')}
            </Button>
          )}
          <Button kind="plain" onPress={() => go({ name: 'safety', before: null })}>
            {t('row.help')}
          </Button>
        </>
      }
      more={
        <Rows>
          {last?.looked && (
            <Row onPress={() => go({ name: 'outcome', round: last.round })}>
              {t('home.last', { day: day(last.closedAt) })}
            </Row>
          )}
          {invitationUntil !== null && <Row onPress={() => go({ name: 'invite' })}>{t('home.invitation')}</Row>}
          <Row onPress={() => go({ name: 'honest', first: false })}>{t('home.honest')}</Row>
          <Row onPress={() => go({ name: 'reminders' })}>{t('home.reminders')}</Row>
          <Row onPress={() => go({ name: 'stop' })}>{t('home.stop')}</Row>
          <Row onPress={() => go({ name: 'leave' })}>{t('home.leave')}</Row>
          <Row onPress={() => go({ name: 'about' })}>{t('row.about')}</Row>
        </Rows>
      }
    >
      <div role="status" class="stack">
        {offline && (
          <Note>
            <p>{t('home.unreachable')}</p>
            <Button onPress={() => send({ type: 'refresh' })}>{t('try.again')}</Button>
          </Note>
        )}
        {clock !== null && (
          <Note>
            <p>{t(clock > 0 ? 'home.ahead' : 'home.behind', { off: off(clock) })}</p>
            <p>{t('home.clock.why')}</p>
          </Note>
        )}
        {round?.lost && <Note>{t('home.lost')}</Note>}
      </div>
      <JustClosed closed={state.closed} />
      {round === null ? (
        <p class="lead">{t(offline ? 'home.closing.offline' : 'home.closing.body')}</p>
      ) : (
        <div class="stack">
          <p class="lead">{t('home.closes', { when: dayAndTime(round.closesAt) })}</p>
          <p>{t('home.until')}</p>
          <p class="soft">
            {t('home.same')} {t('home.calm')}
          </p>
        </div>
      )}
    </Screen>
  );
}
