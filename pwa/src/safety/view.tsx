/**
 * Is it safe for you? Passed before inviting and joining, and open to anyone at any time.
 * Nothing about it is stored: not that it was read, and not what was pressed.
 */

import { back, home } from '../app/navigation';
import { t } from '../i18n';
import { Button, Screen } from '../ui/elements';
import type { Config } from '../wire';
import { Lines } from './lines';

interface Props {
  before: 'invite' | 'join' | null;
  config: Config | null;
  onGo: () => void;
}

const WHEN = ['fear', 'violence', 'control', 'order', 'forced', 'decided'] as const;

const NotFor = () => (
  <section>
    <h2>{t('safety.when')}</h2>
    <ul>
      {WHEN.map((reason) => (
        <li key={reason}>{t(`safety.when.${reason}`)}</li>
      ))}
    </ul>
    <p>{t('safety.lines.first')}</p>
    <p>{t('safety.leaving')}</p>
    <p class="small soft">{t('safety.leaving.source')}</p>
  </section>
);

const InAHurry = () => (
  <section>
    <h2>{t('safety.page')}</h2>
    <p>{t('safety.page.body')}</p>
    <p>{t('safety.page.device')}</p>
  </section>
);

export default function Safety({ before, config, onGo }: Props) {
  if (before === null) {
    return (
      <Screen title={t('safety.title.help')} actions={<Button onPress={back}>{t('back')}</Button>}>
        <p>{t('safety.intro.help')}</p>
        <Lines config={config} />
        <NotFor />
        <InAHurry />
      </Screen>
    );
  }
  return (
    <Screen
      title={t('safety.title')}
      actions={
        <>
          <Button onPress={onGo}>{t('safety.go')}</Button>
          <Button onPress={home}>{t('safety.stop')}</Button>
        </>
      }
    >
      <p>{t('safety.intro')}</p>
      <NotFor />
      <InAHurry />
      <Lines config={config} />
    </Screen>
  );
}
