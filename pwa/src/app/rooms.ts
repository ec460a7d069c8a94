/** Which chunk each screen is in: loaded when it is first opened, together with its words. */

import type { ComponentType } from 'preact';
import type { Part } from '../i18n';
import type { Screen } from './navigation';

/** A screen, or what the start shows in its place. */
export type Shown = Screen | { name: 'over' } | { name: 'problem' };

/** One lazy chunk. */
export interface Room {
  /** Called before one of its screens is shown, and after it was left. */
  enter?: (shown: Shown) => void;
  left?: (shown: Shown) => void;
  Room: ComponentType<{ shown: Shown }>;
}

/** The part of each screen; what is not here is in the main chunk. */
const PARTS: Partial<Record<Shown['name'], Part>> = {
  safety: 'safety',
  invite: 'pairing',
  join: 'pairing',
  leave: 'pairing',
  honest: 'rounds',
  answer: 'rounds',
  stop: 'rounds',
  outcome: 'rounds',
  over: 'rounds',
  problem: 'rounds',
  reminders: 'reminders',
  library: 'guide',
  about: 'about',
};

const LOADERS: Record<Part, () => Promise<Room>> = {
  safety: () => import('./room-safety'),
  pairing: () => import('./room-pairing'),
  rounds: () => import('./room-rounds'),
  reminders: () => import('./room-reminders'),
  guide: () => import('./room-guide'),
  about: () => import('./room-about'),
};

export const partOf = ({ name }: Shown): Part | undefined => PARTS[name];
export const loadRoom = (part: Part): Promise<Room> => LOADERS[part]();
