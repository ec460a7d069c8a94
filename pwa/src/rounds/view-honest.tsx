/** Before you answer: the truth on one page (what each can learn, who hosts, what can be seen). */

import { back, go } from '../app/navigation';
import { t } from '../i18n';
import { Button, Screen } from '../ui/elements';
import type { Config } from '../wire';

interface Props {
  /** It stands before the first home. */
  first: boolean;
  config: Config | null;
  onRead: () => void;
}

export default function Honest({ first, config, onRead }: Props) {
  const operator = config?.operator;
  return (
    <Screen
      title={t('honest.title')}
      actions={
        first ? (
          <>
            <Button kind="main" onPress={onRead}>
              {t('honest.read')}
            </Button>
            <Button kind="plain" onPress={() => go({ name: 'safety', before: null })}>
              {t('row.help')}
            </Button>
            <Button kind="plain" onPress={() => go({ name: 'leave' })}>
              {t('home.leave')}
            </Button>
          </>
        ) : (
          <Button onPress={back}>{t('back')}</Button>
        )
      }
    >
      <section>
        <h2>{t('honest.open')}</h2>
        <p>{t('honest.open.body')}</p>
      </section>
      <section>
        <h2>{t('honest.learn')}</h2>
        <p>{t('honest.learn.both')}</p>
        <ul>
          <li>{t('honest.learn.you')}</li>
          <li>{t('honest.learn.other')}</li>
          <li>{t('honest.learn.closed')}</li>
        </ul>
        <p>{t('honest.learn.change')}</p>
      </section>
      <section>
        <h2>{t('honest.expect')}</h2>
        <p>{t('honest.expect.body')}</p>
        <p>{t('honest.expect.study')}</p>
        <p class="small soft">{t('honest.expect.source')}</p>
      </section>
      <section>
        <h2>{t('honest.host')}</h2>
        <p>
          {operator ? t('honest.host.named', { operator }) : t('honest.host.unnamed')} {t('honest.host.neither')}
        </p>
      </section>
      <section>
        <h2>{t('honest.see')}</h2>
        <ul>
          <li>{t('honest.see.can')}</li>
          <li>{t('honest.see.cannot')}</li>
        </ul>
        <p>{t('honest.see.code')}</p>
        <p>{t('honest.see.link')}</p>
      </section>
      <section>
        <h2>{t('honest.phone')}</h2>
        <p>{t('honest.phone.body')}</p>
        <p>{t('honest.not')}</p>
      </section>
    </Screen>
  );
}
