/** Make an invitation, and hand it over. It never says whether it has been used. */

import { home } from '../app/navigation';
import type { ViewProps } from '../app/machine';
import { t } from '../i18n';
import { Button, Screen } from '../ui/elements';
import type { InviteEvent, InviteState } from './flow-invite';
import { InviteFields } from './invite-form';
import { Ready } from './invite-ready';
import { NoReply, refusal, Waiting } from './waiting';

export default function Invite({ state, send }: ViewProps<InviteState, InviteEvent>) {
  switch (state.step) {
    case 'form':
      return <InviteFields state={state} send={send} />;
    case 'creating':
      return <Waiting title={t('invite.creating')} />;
    case 'unknown':
      return <NoReply />;
    case 'ready':
      return <Ready state={state} />;
    case 'expired':
      return (
        <Screen
          title={t('invite.expired')}
          actions={
            <Button kind="main" onPress={home}>
              {t('invite.go')}
            </Button>
          }
        >
          <p>{t('invite.expired.body')}</p>
        </Screen>
      );
    case 'refused':
      return (
        <Screen
          title={t('pairing.refused')}
          actions={
            <Button kind="main" onPress={() => send({ type: 'again' })}>
              {t('refused.form')}
            </Button>
          }
        >
          <p class="lead">{refusal(state.code)}</p>
        </Screen>
      );
  }
}
