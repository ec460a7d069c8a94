/** The library. Its first page is the guide for the one conversation, made to be printed too. */

import type { FunctionComponent } from 'preact';
import { back, go } from '../app/navigation';
import { t } from '../i18n';
import { Button, Screen } from '../ui/elements';

const Rules = () => (
  <section>
    <h2>{t('guide.rules')}</h2>
    <ul>
      <li>{t('guide.rules.1')}</li>
      <li>{t('guide.rules.2')}</li>
      <li>{t('guide.rules.3')}</li>
      <li>{t('guide.rules.4')}</li>
      <li>{t('guide.rules.5')}</li>
    </ul>
  </section>
);

const Questions = () => (
  <section>
    <h2>{t('guide.ask')}</h2>
    <ul>
      <li>{t('guide.ask.1')}</li>
      <li>{t('guide.ask.2')}</li>
      <li>{t('guide.ask.3')}</li>
      <li>{t('guide.ask.4')}</li>
      <li>{t('guide.ask.5')}</li>
    </ul>
    <p>{t('guide.ask.pass')}</p>
  </section>
);

const Counsellor = () => (
  <section>
    <h2>{t('guide.counsellor')}</h2>
    <p>{t('guide.counsellor.1')}</p>
    <p>{t('guide.counsellor.2')}</p>
    <p>{t('guide.counsellor.3')}</p>
    <p>{t('guide.counsellor.4')}</p>
  </section>
);

/** The guide is the only page there is yet: whatever topic is asked for opens it. */
const Library: FunctionComponent<{ topic: string | null }> = () => {
  return (
    <Screen
      title={t('guide.title')}
      actions={
        <>
          <Button onPress={() => print()}>{t('guide.print')}</Button>
          <Button onPress={back}>{t('back')}</Button>
          <Button kind="plain" onPress={() => go({ name: 'safety', before: null })}>
            {t('row.help')}
          </Button>
        </>
      }
    >
      <p class="lead">{t('guide.lead')}</p>
      <section>
        <h2>{t('guide.for')}</h2>
        <p>{t('guide.for.1')}</p>
      </section>
      <section>
        <h2>{t('guide.when')}</h2>
        <p>{t('guide.when.1')}</p>
        <p>{t('guide.when.2')}</p>
      </section>
      <section>
        <h2>{t('guide.where')}</h2>
        <p>{t('guide.where.1')}</p>
        <p>{t('guide.where.2')}</p>
      </section>
      <section>
        <h2>{t('guide.long')}</h2>
        <p>{t('guide.long.1')}</p>
      </section>
      <Rules />
      <Questions />
      <section>
        <h2>{t('guide.stop')}</h2>
        <ul>
          <li>{t('guide.stop.1')}</li>
          <li>{t('guide.stop.2')}</li>
          <li>{t('guide.stop.3')}</li>
        </ul>
      </section>
      <section>
        <h2>{t('guide.after')}</h2>
        <p>{t('guide.after.1')}</p>
      </section>
      <Counsellor />
      <p class="small soft">{t('guide.source')}</p>
    </Screen>
  );
};

export default Library;
