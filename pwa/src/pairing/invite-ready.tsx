/** The invitation in hand: share it, copy it, or let the other phone's camera read it. */

import { useSignal } from '@preact/signals';
import { home } from '../app/navigation';
import { t } from '../i18n';
import { dayAndTime } from '../ui/dates';
import { Button, Note, Screen } from '../ui/elements';
import type { InviteState } from './flow-invite';
import { qrPath } from './qr-path';

export function Ready({ state }: { state: Extract<InviteState, { step: 'ready' }> }) {
  const { link, expiresAt } = state;
  const message = t('invite.message', { link });
  const copied = useSignal<boolean | null>(null);
  const qr = useSignal<{ path: string; size: number } | null>(null);
  const copy = (text: string) =>
    navigator.clipboard.writeText(text).then(
      () => (copied.value = true),
      () => (copied.value = false),
    );
  return (
    <Screen title={t('invite.ready')} actions={<Button onPress={home}>{t('invite.go')}</Button>}>
      <p>{t('invite.ready.once')}</p>
      <section aria-label={t('invite.text')}>
        <p class="quote">{message}</p>
        {'share' in navigator && (
          // Turning away from the share sheet is not an error.
          <Button kind="main" onPress={() => void navigator.share({ text: message }).catch(() => {})}>
            {t('invite.share')}
          </Button>
        )}
        <Button onPress={() => void copy(message)}>{t('invite.copy')}</Button>
        <Button onPress={() => void copy(link)}>{t('invite.copy.link')}</Button>
        {qr.value === null && (
          <Button onPress={() => void qrPath(link).then((drawn) => (qr.value = drawn))}>{t('invite.qr')}</Button>
        )}
        <p role="status">{copied.value !== null && t(copied.value ? 'invite.copied' : 'invite.not.copied')}</p>
        {qr.value && (
          <svg
            class="qr"
            role="img"
            aria-label={t('invite.qr.label')}
            viewBox={`0 0 ${qr.value.size} ${qr.value.size}`}
          >
            <path d={qr.value.path} />
          </svg>
        )}
      </section>
      <Note>
        <p>{t('invite.delete', { when: dayAndTime(expiresAt) })}</p>
        <p>{t('invite.first.phone')}</p>
      </Note>
    </Screen>
  );
}
