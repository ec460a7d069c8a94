/** Rounds that have closed and were not looked at: each says only that, and waits to be opened. */

import { go } from '../app/navigation';
import { t } from '../i18n';
import { day } from '../ui/dates';
import { Button } from '../ui/elements';
import type { ClosedRound } from './flow-home';

export const JustClosed = ({ closed }: { closed: readonly ClosedRound[] }) => (
  <>
    {closed
      .filter((round) => !round.looked)
      .map(({ round, closedAt }) => (
        <div key={round} class="card">
          <h2>{t('home.closed', { day: day(closedAt) })}</h2>
          <p>{t('home.closed.body')}</p>
          <Button onPress={() => go({ name: 'outcome', round })}>{t('home.see')}</Button>
        </div>
      ))}
  </>
);
