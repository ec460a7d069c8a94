/**
 * The shapes of every reply, and how each is read (protocol, section 5).
 *
 * A reply is read strictly: a field that is missing or of the wrong shape makes
 * the whole reply unreadable (`WireError`), which `api.ts` tells apart from a refusal.
 * Fields that this version does not know are ignored, so that an older phone
 * can talk to a newer server.
 */

/** One ASCII byte in every formula: `a` invited, `b` was invited. */
export type Side = 'a' | 'b';

/** How the pair is spoken of. */
export type Wording = 'marriage' | 'relationship';

/** Everything a device of one side may see of its pair. */
export interface View {
  /** 16 bytes, unpadded base64url. */
  pair_id: string;
  side: Side;
  wording: Wording;
  /** Closing instants, UTC seconds, ascending. */
  closes: number[];
  /** One place a round: null until it is closed, then 32 bytes, unpadded base64url. */
  seals: (string | null)[];
  /** Rounds whose answer key was lost. */
  lost: number[];
  ended: null | 'finished' | 'decided';
  /** The server's clock, UTC seconds. */
  now: number;
}

/** What the invited side may see before it joins. */
export interface Invitation {
  closes: number[];
  wording: Wording;
  /** UTC seconds. */
  expires_at: number;
}

/** One help line of the list that the host keeps. */
export interface SupportLine {
  country: string | null;
  kind: string | null;
  name: string | null;
  phone: string | null;
  text: string | null;
  whatsapp: string | null;
  url: string | null;
  hours: string | null;
  note: string | null;
}

/** Who hosts this server, and what the app needs to know of it. */
export interface Config {
  /** 65 bytes, unpadded base64url. */
  push_key: string;
  operator: string | null;
  contact: string | null;
  support: { checked: string; lines: SupportLine[] };
  leave_url: string;
  version: string;
  build: string;
  /** Whether creating a pair needs an access code. */
  access_code: boolean;
  /** Seconds: the shortest lead and, below an hour, the shortest distance of closes. */
  min_interval: number;
  trial: boolean;
}

/** A reply that is not what the protocol says. */
export class WireError extends Error {}

type Read<T> = (value: unknown) => T;

const wrong = (what: string): never => {
  throw new WireError(`expected ${what}`);
};
const string: Read<string> = (value) => (typeof value === 'string' ? value : wrong('a text'));
const boolean: Read<boolean> = (value) => (typeof value === 'boolean' ? value : wrong('yes or no'));
/** The last second of the year 9999: what lies past it no calendar shows, and in milliseconds no number counts. */
const LAST_INSTANT = 253_402_300_799;
const instant: Read<number> = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= LAST_INSTANT
    ? (value as number)
    : wrong('a whole number of seconds');
const nullable =
  <T>(read: Read<T>): Read<T | null> =>
  (value) =>
    value === null ? null : read(value);
const list =
  <T>(read: Read<T>): Read<T[]> =>
  (value) =>
    Array.isArray(value) ? value.map(read) : wrong('a list');
const one =
  <T extends string>(...allowed: T[]): Read<T> =>
  (value) =>
    allowed.includes(value as T) ? (value as T) : wrong(allowed.join(' or '));
/** `size` bytes in unpadded base64url; a last character with stray bits is refused when it is decoded. */
const bytes =
  (size: number): Read<string> =>
  (value) =>
    typeof value === 'string' && value.length === Math.ceil((size * 4) / 3) && /^[\w-]+$/.test(value)
      ? value
      : wrong(`${size} bytes`);
const shape =
  <T>(fields: { [K in keyof T]: Read<T[K]> }): Read<T> =>
  (value) => {
    if (typeof value !== 'object' || value === null) return wrong('an object');
    const from = value as Record<string, unknown>;
    const into: Partial<T> = {};
    for (const key in fields) into[key] = fields[key](from[key]);
    return into as T;
  };

const wording = one<Wording>('marriage', 'relationship');
const closes: Read<number[]> = (value) => {
  const instants = list(instant)(value);
  const ascending = instants.every((close, round) => round === 0 || close > (instants[round - 1] ?? close));
  return instants.length >= 1 && instants.length <= 12 && ascending ? instants : wrong('1 to 12 closes, ascending');
};

const viewFields: Read<View> = shape<View>({
  pair_id: bytes(16),
  side: one<Side>('a', 'b'),
  wording,
  closes,
  seals: list(nullable(bytes(32))),
  lost: list(instant),
  ended: nullable(one('finished', 'decided')),
  now: instant,
});

export const readView: Read<View> = (value) => {
  const view = viewFields(value);
  return view.seals.length === view.closes.length ? view : wrong('one seal a round');
};

export const readInvitation: Read<Invitation> = shape<Invitation>({ closes, wording, expires_at: instant });

const line: Read<SupportLine> = shape<SupportLine>({
  country: nullable(string),
  kind: nullable(string),
  name: nullable(string),
  phone: nullable(string),
  text: nullable(string),
  whatsapp: nullable(string),
  url: nullable(string),
  hours: nullable(string),
  note: nullable(string),
});

export const readConfig: Read<Config> = shape<Config>({
  push_key: bytes(65),
  operator: nullable(string),
  contact: nullable(string),
  support: shape<Config['support']>({ checked: string, lines: list(line) }),
  leave_url: string,
  version: string,
  build: string,
  access_code: boolean,
  min_interval: instant,
  trial: boolean,
});

const envelope = shape<{ error: { code: string; message: string } }>({
  error: shape<{ code: string; message: string }>({ code: string, message: string }),
});

/** The code and sentence of a refusal. */
export const readError: Read<{ code: string; message: string }> = (value) => envelope(value).error;
