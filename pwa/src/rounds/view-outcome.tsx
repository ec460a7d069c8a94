/** How one closed round ended: quiet, both open, or not countable. Opened by a tap, never by itself. */

import { go, home } from '../app/navigation';
import { t } from '../i18n';
import { day, dayAndTime } from '../ui/dates';
import { Button, Screen } from '../ui/elements';
import type { ClosedRound } from './flow-home';

interface Props {
  closed: ClosedRound;
  /** When the server erases everything of this run, UTC seconds. */
  erasedAt: number;
  /** The next close, UTC seconds. */
  next: number | null;
}

const Help = () => (
  <Button kind="plain" onPress={() => go({ name: 'safety', before: null })}>
    {t('row.help')}
  </Button>
);

const Home = ({ kind }: { kind?: 'main' }) => (
  <Button {...(kind && { kind })} onPress={home}>
    {t('back')}
  </Button>
);

export default function OutcomeView({ closed, erasedAt, next }: Props) {
  const on = { day: day(closed.closedAt) };
  const following = next !== null && <p>{t('quiet.next', { when: dayAndTime(next) })}</p>;
  switch (closed.outcome) {
    case 'both':
      return (
        <Screen
          title={t('both.title', on)}
          actions={
            <>
              <Button kind="main" onPress={() => go({ name: 'library', topic: 'conversation' })}>
                {t('both.guide')}
              </Button>
              <Home />
              <Help />
            </>
          }
        >
          <div class="stack">
            <p class="lead">{t('both.lead')}</p>
            <p>{t('both.body')}</p>
            <p>{t('both.time')}</p>
            <p class="soft">{t('both.until', { day: day(erasedAt) })}</p>
          </div>
        </Screen>
      );
    case 'quiet':
      return (
        <Screen
          title={t('quiet.title', on)}
          actions={
            <>
              <Home kind="main" />
              <Help />
            </>
          }
        >
          <div class="stack">
            <p class="lead">{t('quiet.lead')}</p>
            <p>{t('quiet.body')}</p>
            <p>{t('quiet.self')}</p>
            {following}
          </div>
        </Screen>
      );
    case 'uncounted':
      return (
        <Screen title={t('uncounted.title', on)} actions={<Home kind="main" />}>
          <div class="stack">
            <p>{t('uncounted.body')}</p>
            {following}
          </div>
        </Screen>
      );
  }
}
