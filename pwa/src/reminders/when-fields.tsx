/** When: before a close, once more after it, and never in the quiet hours; all by this phone's own clock. */

import { t } from '../i18n';
import { dayAndTime } from '../ui/dates';
import { Folded } from '../ui/folded';
import { Choices, Field, Tick } from '../ui/form';
import type { Before, Clock, When } from './flow';

const HOURS = [1, 2, 3, 6, 12, 24];
const DAYS = [1, 2, 0] as const;
const BEFORE = {
  day: { kind: 'day', days: 1, at: '19:00' },
  hours: { kind: 'hours', hours: 3 },
} satisfies Record<Before['kind'], Before>;
const AFTER = '09:00';
const QUIET = { from: '22:00', to: '07:00' };

type Edit = (change: Partial<When>) => void;

const ClockField = ({
  id,
  label,
  value,
  onChange,
}: {
  id: string;
  label: string;
  value: Clock;
  onChange: (value: Clock) => void;
}) => (
  <Field id={id} label={label}>
    {(tied) => (
      <input
        {...tied}
        type="time"
        required
        value={value}
        onInput={({ currentTarget: { value: typed } }) => {
          if (typed !== '') onChange(typed);
        }}
      />
    )}
  </Field>
);

const BeforeFields = ({ before, edit }: { before: Before; edit: Edit }) =>
  before.kind === 'day' ? (
    <div class="beside">
      <Field id="days" label={t('reminders.days')}>
        {(tied) => (
          <select
            {...tied}
            value={before.days}
            onChange={(event) =>
              edit({ before: { ...before, days: Number(event.currentTarget.value) as (typeof DAYS)[number] } })
            }
          >
            {DAYS.map((days) => (
              <option key={days} value={days}>
                {t(`reminders.days.${days}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <ClockField
        id="at"
        label={t('reminders.at')}
        value={before.at}
        onChange={(at) => edit({ before: { ...before, at } })}
      />
    </div>
  ) : (
    <Field id="hours" label={t('reminders.before')}>
      {(tied) => (
        <select
          {...tied}
          value={before.hours}
          onChange={(event) => edit({ before: { kind: 'hours', hours: Number(event.currentTarget.value) } })}
        >
          {HOURS.map((hours) => (
            <option key={hours} value={hours}>
              {hours}
            </option>
          ))}
        </select>
      )}
    </Field>
  );

/** Once more the day after, and quiet hours. */
const Besides = ({ when: { after, quiet }, edit }: { when: When; edit: Edit }) => (
  <div class="stack">
    <Tick checked={after !== null} label={t('reminders.after')} onTick={(on) => edit({ after: on ? AFTER : null })} />
    {after !== null && (
      <ClockField id="after" label={t('reminders.after.at')} value={after} onChange={(at) => edit({ after: at })} />
    )}
    <Tick checked={quiet !== null} label={t('reminders.quiet')} onTick={(on) => edit({ quiet: on ? QUIET : null })} />
    {quiet !== null && (
      <>
        <div class="beside">
          <ClockField
            id="from"
            label={t('reminders.quiet.from')}
            value={quiet.from}
            onChange={(from) => edit({ quiet: { ...quiet, from } })}
          />
          <ClockField
            id="to"
            label={t('reminders.quiet.to')}
            value={quiet.to}
            onChange={(to) => edit({ quiet: { ...quiet, to } })}
          />
        </div>
        <p class="hint">{t('reminders.quiet.hint')}</p>
      </>
    )}
  </div>
);

export function WhenFields({ when, onChange }: { when: When; onChange: (when: When) => void }) {
  const edit: Edit = (change) => onChange({ ...when, ...change });
  return (
    <>
      <Choices
        name="when"
        legend={t('reminders.when')}
        options={[
          ['day', t('reminders.day')],
          ['hours', t('reminders.hours')],
        ]}
        value={when.before.kind}
        onPick={(kind) => edit({ before: BEFORE[kind] })}
      />
      <BeforeFields before={when.before} edit={edit} />
      <Folded title={t('reminders.besides')} open={when.after !== null || when.quiet !== null}>
        <Besides when={when} edit={edit} />
      </Folded>
    </>
  );
}

/** What these times come to; `pushed`: as reminders of the app, which end by themselves. */
export const Coming = ({ instants, pushed }: { instants: readonly number[]; pushed: boolean }) => (
  <section class="card">
    <h2>{t('reminders.coming')}</h2>
    {instants.length === 0 ? (
      <p>{t('reminders.coming.none')}</p>
    ) : (
      <ul class="dates">
        {instants.map((instant) => (
          <li key={instant}>{dayAndTime(instant)}</li>
        ))}
      </ul>
    )}
    <p class="hint">{t(pushed ? 'reminders.silent' : 'reminders.calendar.few')}</p>
  </section>
);
