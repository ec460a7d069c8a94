/** Without https a browser makes no keys: a sentence instead of a page that fails. */

import { t } from '../i18n';
import { Screen } from '../ui/elements';

export default function Insecure() {
  return (
    <Screen title={t('insecure.title')}>
      <p>{t('insecure.body')}</p>
    </Screen>
  );
}
