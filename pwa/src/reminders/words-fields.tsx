/** What a reminder says: a few ready-made words that mean nothing to anyone else, or one's own. */

import { t } from '../i18n';
import { Choices, Field } from '../ui/form';
import type { Words } from './flow';

const READY = ['plain', 'moment', 'note'] as const;
/** Characters; as much as a locked screen shows. */
const TITLE = 40;
const BODY = 100;

/** Words of one's own, as they are typed; without a title they are shown under the plain one. */
export interface Own {
  title: string;
  body: string;
}

const ready = (choice: (typeof READY)[number]): Words => ({
  choice,
  title: t(`reminders.words.${choice}`),
  body: t(`reminders.words.${choice}.body`),
});

export const plain = (): Words => ready('plain');

const own = ({ title, body }: Own): Words => ({
  choice: 'own',
  title: title.trim() || plain().title,
  body: body.trim(),
});

export function WordsFields({
  words,
  typed,
  onType,
  onChange,
}: {
  words: Words;
  typed: Own;
  onType: (typed: Own) => void;
  onChange: (words: Words) => void;
}) {
  const type = (change: Partial<Own>) => {
    const all = { ...typed, ...change };
    onType(all);
    onChange(own(all));
  };
  return (
    <>
      <Choices
        name="words"
        legend={t('reminders.words')}
        down
        options={[
          ...READY.map((choice) => [choice, `${ready(choice).title}: ${ready(choice).body}`] as const),
          ['own', t('reminders.words.own')],
        ]}
        value={words.choice}
        onPick={(choice) => onChange(choice === 'own' ? own(typed) : ready(choice))}
      />
      {words.choice === 'own' && (
        <>
          <Field id="title" label={t('reminders.words.own.title')} hint={t('reminders.words.own.hint')}>
            {(tied) => (
              <input
                {...tied}
                autocomplete="off"
                maxLength={TITLE}
                value={typed.title}
                onInput={(event) => type({ title: event.currentTarget.value })}
              />
            )}
          </Field>
          <Field id="body" label={t('reminders.words.own.body')}>
            {(tied) => (
              <input
                {...tied}
                autocomplete="off"
                maxLength={BODY}
                value={typed.body}
                onInput={(event) => type({ body: event.currentTarget.value })}
              />
            )}
          </Field>
        </>
      )}
      <section class="card" aria-label={t('reminders.preview')}>
        <p class="small soft">{t('reminders.preview')}</p>
        <p>
          <strong>{words.title}</strong>
          {words.body !== '' && <br />}
          {words.body}
        </p>
      </section>
    </>
  );
}
