/** The help lines that the host keeps: by country, never a number without its country. */

import { useSignal } from '@preact/signals';
import { language, t } from '../i18n';
import { fullDay } from '../ui/dates';
import { Field } from '../ui/form';
import type { Config, SupportLine } from '../wire';
import { countryName, guessCountry } from './region';

/** In this order; whatever else the host lists comes last. */
const KINDS = ['emergency', 'abuse', 'crisis', 'men', 'other'] as const;
type Kind = (typeof KINDS)[number];

const kindOf = (line: SupportLine): Kind => KINDS.find((kind) => kind === line.kind) ?? 'other';

/** A country's name in the language on screen. */
const nameOf = (country: string) => countryName(country, language.value);

/** Several numbers in one field, each to be dialled by itself: '0800 1 or 0800 2'. */
const numbers = (phone: string) => phone.split(/\s+or\s+|[,;/]/).map((number) => number.trim());

/** Only what a keypad has: spaces and dashes are for the eye. */
const dial = (number: string) => `tel:${number.replace(/[^\d+*#]/g, '')}`;

const Line = ({ line }: { line: SupportLine }) => {
  const { name, phone, text, whatsapp, url, hours, note } = line;
  const about = [line.country && nameOf(line.country), hours].filter(Boolean).join(' · ');
  return (
    <li class="help-line">
      <strong>{name}</strong>
      {phone &&
        numbers(phone).map((number) => (
          <a key={number} class="number" href={dial(number)}>
            {number}
          </a>
        ))}
      {about && <span class="small soft">{about}</span>}
      {text && <span>{t('lines.text', { text })}</span>}
      {whatsapp && <span>{t('lines.whatsapp', { number: whatsapp })}</span>}
      {url?.startsWith('https://') && URL.canParse(url) && (
        <a class="site" href={url} target="_blank" rel="noreferrer">
          {new URL(url).hostname}
        </a>
      )}
      {note && <span class="small soft">{note}</span>}
    </li>
  );
};

const OfKind = ({ kind, lines }: { kind?: Kind; lines: readonly SupportLine[] }) =>
  lines.length > 0 && (
    <section>
      {kind && <h3>{t(`lines.${kind}`)}</h3>}
      <ul class="help-lines">
        {lines.map((line) => (
          <Line key={`${line.country} ${line.name} ${line.phone}`} line={line} />
        ))}
      </ul>
    </section>
  );

export function Lines({ config }: { config: Config | null }) {
  const picked = useSignal<string | null>(null);
  const lines = config?.support.lines ?? [];
  if (config === null || lines.length === 0) return <p>{t('lines.none')}</p>;

  const countries = [...new Set(lines.flatMap((line) => line.country ?? []))].toSorted((one, other) =>
    nameOf(one).localeCompare(nameOf(other), language.value),
  );
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const country = picked.value ?? guessCountry(countries, zone, navigator.languages) ?? '';
  const here = lines.filter((line) => line.country === country);
  return (
    <section>
      <h2>{t('lines.title')}</h2>
      <Field id="country" label={t('lines.country')}>
        {(tied) => (
          <select {...tied} value={country} onChange={(event) => (picked.value = event.currentTarget.value)}>
            <option value="">{t('lines.country.none')}</option>
            {countries.map((code) => (
              <option key={code} value={code}>
                {nameOf(code)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {KINDS.map((kind) => (
        <OfKind key={kind} kind={kind} lines={here.filter((line) => kindOf(line) === kind)} />
      ))}
      <details open={country === ''}>
        <summary>{t('lines.directory')}</summary>
        <OfKind lines={lines.filter((line) => line.country === null)} />
      </details>
      <p class="small soft">
        {t('lines.checked', { day: fullDay(config.support.checked) })} {t('lines.inside')}
      </p>
    </section>
  );
}
