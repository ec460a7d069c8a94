/** Who runs this server, and which version it is. */

import { t } from '../i18n';
import { Button, Row, Rows, Screen } from '../ui/elements';
import type { Config } from '../wire';
import { back, go } from './navigation';

const Fact = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);

/** Enough of a build's hash to compare two by eye. */
const short = (build: string) => build.slice(0, 12);

export default function About({ config, build }: { config: Config | null; build: string }) {
  return (
    <Screen title={t('about.title')} actions={<Button onPress={back}>{t('back')}</Button>}>
      {config === null ? (
        <p>{t('about.unknown')}</p>
      ) : (
        <>
          <dl class="facts">
            <Fact name={t('about.operator')} value={config.operator ?? t('about.operator.none')} />
            <Fact name={t('about.contact')} value={config.contact ?? t('about.contact.none')} />
          </dl>
          <p>{t('about.neither')}</p>
        </>
      )}
      <Rows>
        <Row onPress={() => go({ name: 'honest', first: false })}>{t('home.honest')}</Row>
        <Row onPress={() => go({ name: 'safety', before: null })}>{t('row.help')}</Row>
      </Rows>
      <div class="stack small soft">
        <p>{t('about.collects')}</p>
        <p>{t('about.not')}</p>
        <p>{t('about.free')}</p>
        <dl class="facts">
          {config && <Fact name={t('about.version')} value={config.version} />}
          <Fact name={t('about.build')} value={short(build)} />
          {config && config.build !== build && <Fact name={t('about.build.server')} value={short(config.build)} />}
        </dl>
      </div>
    </Screen>
  );
}
