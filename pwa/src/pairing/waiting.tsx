/** A request on its way, or still without a reply; and one that was refused. */

import { t } from '../i18n';
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

const KNOWN = ['access_code', 'has_seat', 'no_pair', 'too_many_requests', 'storage'] as const;

/** @param code of the server's error envelope, or `storage`. */
export function refusal(code: string): string {
  const known = KNOWN.find((one) => one === code);
  return known === undefined ? t('refused.other', { code }) : t(`refused.${known}`);
}
