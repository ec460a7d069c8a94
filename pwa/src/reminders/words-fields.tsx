/** What a reminder says: a few ready-made words that mean nothing to anyone else, or one's own. */

import type { ComponentChildren } from 'preact';
import { t } from '../i18n';
import { Folded } from '../ui/folded';
import { Choices, Field, Tick } from '../ui/form';
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

const ready = (choice: (typeof READY)[number], sound = false): Words => ({
  choice,
  sound,
  title: t(`reminders.words.${choice}`),
  body: t(`reminders.words.${choice}.body`),
});

export const plain = (): Words => ready('plain');

const own = ({ title, body }: Own, sound: boolean): Words => ({
  choice: 'own',
  sound,
  title: title.trim() || plain().title,
  body: body.trim(),
});

const Line = ({
  id,
  longest,
  value,
  onType,
}: {
  id: 'title' | 'body';
  longest: number;
  value: string;
  onType: (typed: string) => void;
}) => (
  <Field id={id} label={t(`reminders.words.own.${id}`)}>
    {(tied) => (
      <input
        {...tied}
        autocomplete="off"
        maxLength={longest}
        value={value}
        onInput={(event) => onType(event.currentTarget.value)}
      />
    )}
  </Field>
);

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
    onChange(own(all, words.sound));
  };
  return (
    <Folded title={t('reminders.words.other')} open={words.choice !== 'plain' || words.sound}>
      <div class="stack">
        <Choices
          name="words"
          legend={t('reminders.words')}
          down
          options={[
            ...READY.map((choice) => [choice, `${ready(choice).title}: ${ready(choice).body}`] as const),
            ['own', t('reminders.words.own')],
          ]}
          value={words.choice}
          onPick={(choice) => onChange(choice === 'own' ? own(typed, words.sound) : ready(choice, words.sound))}
        />
        {words.choice === 'own' && (
          <>
            <p class="hint">{t('reminders.words.own.seen')}</p>
            <Line id="title" longest={TITLE} value={typed.title} onType={(title) => type({ title })} />
            <Line id="body" longest={BODY} value={typed.body} onType={(body) => type({ body })} />
          </>
        )}
        <Tick checked={words.sound} label={t('reminders.sound')} onTick={(sound) => onChange({ ...words, sound })} />
        <p class="hint">{t('reminders.sound.hint')}</p>
      </div>
    </Folded>
  );
}

/** What a locked screen will show. */
export const Preview = ({ words: { title, body }, children }: { words: Words; children: ComponentChildren }) => (
  <section class="card">
    <h2>{t('reminders.preview')}</h2>
    <p>
      <strong>{title}</strong>
      {body !== '' && <br />}
      {body}
    </p>
    {children}
  </section>
);
