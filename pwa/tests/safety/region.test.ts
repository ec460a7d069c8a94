import { describe, expect, it } from 'vitest';
import { countryName, guessCountry } from '../../src/safety/region';

const COUNTRIES = ['US', 'GB', 'IE', 'DE', 'AT', 'CH', 'ES', 'MX'];

describe('whose help lines come first', () => {
  it('follows the time zone, which travels along, before the language', () => {
    expect(guessCountry(COUNTRIES, 'Europe/Vienna', ['de-DE', 'en-US'])).toBe('AT');
    expect(guessCountry(COUNTRIES, 'Europe/Dublin', ['en-GB'])).toBe('IE');
    expect(guessCountry(COUNTRIES, 'America/Mexico_City', ['es-ES'])).toBe('MX');
  });

  it('follows the first language with a region where the time zone says nothing', () => {
    expect(guessCountry(COUNTRIES, 'UTC', ['en', 'de-CH', 'en-GB'])).toBe('CH');
  });

  it('names no country that there are no lines for', () => {
    expect(guessCountry(COUNTRIES, 'Asia/Tokyo', ['ja-JP'])).toBeNull();
    expect(guessCountry([], 'Europe/Vienna', ['de-AT'])).toBeNull();
  });

  it('has its name in the language on screen', () => {
    expect(countryName('DE', 'en')).toBe('Germany');
    expect(countryName('DE', 'es')).toBe('Alemania');
  });

  it('is not troubled by a tag that is no language', () => {
    expect(guessCountry(COUNTRIES, 'UTC', ['?', 'de-AT'])).toBe('AT');
  });

  it('is not troubled by a country code of the host that is none', () => {
    expect(guessCountry(['Wonderland', 'GB'], 'Europe/London', [])).toBe('GB');
    expect(countryName('Wonderland', 'en')).toBe('Wonderland');
  });
});
