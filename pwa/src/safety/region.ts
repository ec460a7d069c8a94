/** Which country's help lines to show first. A guess, made on the phone, kept nowhere. */

/** `getTimeZones` is younger than this code's TypeScript library, and missing in some browsers. */
interface Zoned {
  getTimeZones?: () => readonly string[] | undefined;
}

/** Null where `tag` is no language tag: the host's list and the browser's settings are read as they come. */
function localeOf(tag: string): (Intl.Locale & Zoned) | null {
  try {
    return new Intl.Locale(tag);
  } catch {
    return null;
  }
}

/**
 * The country a phone is most likely in: by its time zone, which travels along, then by its languages.
 * @param countries those there are lines for, ISO 3166.
 * @param zone IANA time zone.
 * @param languages BCP 47 tags, the preferred one first.
 * @returns one of `countries`, or null.
 */
export function guessCountry(countries: readonly string[], zone: string, languages: readonly string[]): string | null {
  const byZone = countries.find((country) => localeOf(`und-${country}`)?.getTimeZones?.()?.includes(zone) ?? false);
  if (byZone !== undefined) return byZone;
  for (const tag of languages) {
    const region = localeOf(tag)?.region;
    if (region !== undefined && countries.includes(region)) return region;
  }
  return null;
}

/** @returns the name of `country` (ISO 3166) in `language`; as it stands if it is no country code. */
export function countryName(country: string, language: string): string {
  try {
    return new Intl.DisplayNames([language], { type: 'region' }).of(country) ?? country;
  } catch {
    return country;
  }
}
