/** Welcome: what this is, in as few words as can be, and the two ways in, alike. */

import { go } from '../app/navigation';
import { t } from '../i18n';
import { Button, Row, Rows, Screen } from '../ui/elements';
import { Scene } from '../ui/icons';

export default function Welcome() {
  return (
    <Screen
      title={t('welcome.title')}
      above={<Scene />}
      actions={
        <>
          <Button kind="main" onPress={() => go({ name: 'safety', before: 'invite' })}>
            {t('welcome.invite')}
          </Button>
          <Button kind="main" onPress={() => go({ name: 'safety', before: 'join' })}>
            {t('welcome.join')}
          </Button>
        </>
      }
      more={
        <>
          <section>
            <h2>{t('welcome.how')}</h2>
            <ol>
              <li>{t('welcome.how.1')}</li>
              <li>{t('welcome.how.2')}</li>
              <li>{t('welcome.how.3')}</li>
            </ol>
            <p class="soft">{t('welcome.none')}</p>
          </section>
          <Rows>
            <Row onPress={() => go({ name: 'safety', before: null })}>{t('row.help')}</Row>
            <Row onPress={() => go({ name: 'about' })}>{t('row.about')}</Row>
          </Rows>
        </>
      }
    >
      <div class="stack">
        <p class="lead">{t('welcome.lead')}</p>
        <p>{t('welcome.what')}</p>
      </div>
    </Screen>
  );
}
