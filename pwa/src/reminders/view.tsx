/** Reminders: on or off, when, in which words; and plainly why not, where a browser cannot. */

import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { back } from '../app/navigation';
import type { ViewProps } from '../app/machine';
import { now } from '../clock';
import { t } from '../i18n';
import { dayAndTime } from '../ui/dates';
import { Button, Note, Screen } from '../ui/elements';
import { Folded } from '../ui/folded';
import type { RemindersEvent, RemindersState } from './flow';
import { instantsOf } from './instants';
import { Coming, WhenFields } from './when-fields';
import { plain, Preview, WordsFields } from './words-fields';

/** Where reminders stand, in a sentence or two. */
function standing({ status, next, preference }: RemindersState): string {
  const [first] = next;
  if (status === 'on')
    return first === undefined ? t('reminders.on.none') : t('reminders.on.next', { when: dayAndTime(first) });
  if (status === 'unknown' && !preference.on) return t('reminders.unknown.off');
  if (status === 'refused' && preference.on) return t('reminders.refused.later');
  return t(`reminders.${status}`);
}

/** Above everything else: how it stands, and off within reach at once. */
const Standing = ({ state, send }: ViewProps<RemindersState, RemindersEvent>) => (
  <Note>
    <p role="status">{standing(state)}</p>
    {state.preference.on && <Button onPress={() => send({ type: 'off' })}>{t('reminders.off.do')}</Button>}
  </Note>
);

const Cannot = ({ why }: { why: 'not_installed' | 'no_push' }) => (
  <Note>
    <p>{t(`reminders.${why}`)}</p>
    <p>{t('reminders.instead')}</p>
  </Note>
);

/** As a file for a calendar. Where there is push besides, it waits folded. */
function Calendar({
  folded,
  entries,
  children,
}: {
  folded: boolean;
  entries: number | null;
  children: ComponentChildren;
}) {
  const inside = (
    <div class="stack">
      <p>{t('reminders.calendar.what')}</p>
      <p>{t('reminders.calendar.seen')}</p>
      <p>{t('reminders.calendar.back')}</p>
      {children}
      <p role="status">
        {entries !== null && (entries > 0 ? t('reminders.calendar.made', { n: entries }) : t('reminders.coming.none'))}
      </p>
    </div>
  );
  if (folded) {
    return (
      <Folded title={t('reminders.calendar.too')} open={false}>
        {inside}
      </Folded>
    );
  }
  return (
    <section>
      <h2>{t('reminders.calendar')}</h2>
      {inside}
    </section>
  );
}

export default function Reminders({ state, send }: ViewProps<RemindersState, RemindersEvent>) {
  const when = useSignal(state.preference.when);
  const words = state.words ?? plain();
  const typed = useSignal(words.choice === 'own' ? words : { title: '', body: '' });
  const { support, preference, shown } = state;
  const can = support === 'supported';
  const turnOn = () => {
    send({ type: 'on', when: when.value });
    // What comes of it is said at the top, and there it can be turned off.
    scrollTo(0, 0);
  };
  return (
    <Screen
      title={t('reminders.title')}
      actions={
        <>
          {can && (
            <Button kind="main" onPress={turnOn}>
              {t(preference.on ? 'reminders.change' : 'reminders.on.do')}
            </Button>
          )}
          <Button kind="plain" onPress={back}>
            {t('back')}
          </Button>
        </>
      }
    >
      <div class="stack">
        <p>{t('reminders.intro')}</p>
        <p>{t('reminders.answered')}</p>
      </div>
      {can ? <Standing state={state} send={send} /> : <Cannot why={support} />}
      <WhenFields when={when.value} onChange={(changed) => (when.value = changed)} />
      <Coming instants={instantsOf(when.value, state.rounds, now())} pushed={can} />
      <Preview words={words}>
        {can && (
          <>
            <p class="hint">{t('reminders.name')}</p>
            <Button onPress={() => send({ type: 'show', words })}>{t('reminders.show')}</Button>
            <p role="status">{shown !== null && t(shown ? 'reminders.shown' : 'reminders.not.shown')}</p>
          </>
        )}
      </Preview>
      <WordsFields
        words={words}
        typed={typed.value}
        onType={(own) => (typed.value = own)}
        onChange={(chosen) => send({ type: 'words', words: chosen })}
      />
      <Calendar folded={can} entries={state.entries}>
        <Button {...(can ? {} : { kind: 'main' })} onPress={() => send({ type: 'calendar', when: when.value, words })}>
          {t('reminders.calendar.do')}
        </Button>
      </Calendar>
    </Screen>
  );
}
