/** The English catalogue: the words of the first screens, and where every other part is found. */

import type about from './en/about';
import type coreTexts from './en/core';
import type guide from './en/guide';
import type pairing from './en/pairing';
import type reminders from './en/reminders';
import type rounds from './en/rounds';
import type safety from './en/safety';

export { default as core } from './en/core';

/** One part for each lazy chunk of screens; loaded together with it. */
export const parts = {
  about: () => import('./en/about'),
  guide: () => import('./en/guide'),
  pairing: () => import('./en/pairing'),
  reminders: () => import('./en/reminders'),
  rounds: () => import('./en/rounds'),
  safety: () => import('./en/safety'),
};

export type Catalogue = typeof coreTexts &
  typeof about &
  typeof guide &
  typeof pairing &
  typeof reminders &
  typeof rounds &
  typeof safety;
