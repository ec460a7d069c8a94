/** Which country's help lines to show first. A guess, made on the phone, kept nowhere. */

/** `getTimeZones` is younger than this code's TypeScript library, and missing in some browsers. */
interface Zoned {
  getTimeZones?: () => readonly string[] | undefined;
}

/** ISO 3166 country of a language tag: 'GB' of 'en-GB'. */
function regionOf(tag: string): string | undefined {
  try {
    return new Intl.Locale(tag).region;
  } catch {
    return undefined;
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
  const byZone = countries.find((country) => {
    const locale = new Intl.Locale(`und-${country}`) as Intl.Locale & Zoned;
    return locale.getTimeZones?.()?.includes(zone) ?? false;
  });
  if (byZone !== undefined) return byZone;
  for (const tag of languages) {
    const region = regionOf(tag);
    if (region !== undefined && countries.includes(region)) return region;
  }
  return null;
}
