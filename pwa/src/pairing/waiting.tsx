/** A request on its way, or still without a reply; and one that was refused. */

import { t, type Key } from '../i18n';
import { Screen } from '../ui/elements';

export const Waiting = ({ title }: { title: string }) => (
  <Screen title={title}>
    <p>{t('wait.body')}</p>
  </Screen>
);

export const NoReply = () => (
  <Screen title={t('wait.unknown')}>
    <p class="lead">{t('wait.unknown.body')}</p>
  </Screen>
);

const WORDS: Readonly<Record<string, Key>> = {
  access_code: 'refused.access_code',
  has_seat: 'refused.has_seat',
  too_many_requests: 'refused.too_many_requests',
};

/** @param code as in the server's error envelope. */
export function refusal(code: string): string {
  const known = WORDS[code] as 'refused.access_code' | undefined;
  return known === undefined ? t('refused.other', { code }) : t(known);
}
