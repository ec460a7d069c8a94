/**
 * Lint, and the walls of the house: which file may use which power of the browser, and who may import whom.
 * Each wall says where to go instead. `tests/walls.test.ts` proves that each one stands.
 */

import { defineConfig, type OxlintOverride } from 'oxlint';

/** Powers of the browser that have one door each. */
const DOORS = {
  network: {
    names: ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'WebTransport'],
    message: 'Every request goes through src/api.ts.',
  },
  storage: {
    names: ['indexedDB', 'localStorage', 'sessionStorage', 'cookieStore'],
    message: 'What the phone keeps goes through src/keystore.ts.',
  },
  caches: { names: ['caches'], message: 'Only the service worker (src/sw) caches.' },
  webCrypto: { names: ['crypto'], message: 'WebCrypto goes through src/crypto/primitives.ts.' },
  time: {
    names: ['setTimeout', 'setInterval', 'performance'],
    message: 'Time goes through src/clock.ts, which a test can set.',
  },
  page: {
    names: ['document', 'window', 'navigator', 'location', 'history', 'addEventListener'],
    message: 'crypto/ is pure: pass in what it needs.',
  },
} as const;

type Door = keyof typeof DOORS;

/** A wall between files. `types`: types alone may pass. */
interface Wall {
  group: string[];
  message: string;
  types?: boolean;
}

const DOMAINS = ['pairing', 'rounds', 'reminders', 'safety', 'library', 'notes'];

const WALLS = {
  runners: {
    group: ['**/api', '**/keystore', '**/keystore/*', '**/insist', '**/run', '**/run-*', './take-seat', './settle'],
    message: 'A view or flow does nothing itself: send an event, and let the domain’s runner (run*.ts) do it.',
    types: true,
  },
  keys: {
    group: ['**/crypto/*'],
    message: 'A view holds no keys: views import flows, flows and runners import crypto/.',
  },
  app: {
    group: ['**/app/*', '!**/app/navigation', '!**/app/machine'],
    message: 'A domain does not know the shell: it is given what it needs (see app/session.ts).',
  },
  outside: {
    group: ['../**', '!../wire'],
    message: 'crypto/ imports nothing but its own files and the words of wire.ts.',
  },
  worker: {
    group: ['../**', '!../keystore/idb'],
    message: 'The service worker knows no key and no screen: it reads keystore/idb.ts alone.',
  },
} satisfies Record<string, Wall>;

const otherDomains = (own: string): Wall => ({
  group: DOMAINS.filter((name) => name !== own).flatMap((name) => [`**/${name}/*`]),
  message: 'The domains do not import one another: they meet in app/.',
});

const restrict = (closed: readonly Door[], walls: readonly Wall[]): NonNullable<OxlintOverride['rules']> => ({
  'no-restricted-globals': [
    'error',
    ...closed.flatMap((door) => DOORS[door].names.map((name) => ({ name, message: DOORS[door].message }))),
  ],
  'no-restricted-properties': [
    'error',
    ...closed.flatMap((door) =>
      ['window', 'globalThis', 'self'].flatMap((object) =>
        DOORS[door].names.map((property) => ({ object, property, message: DOORS[door].message })),
      ),
    ),
    { object: 'navigator', property: 'sendBeacon', message: DOORS.network.message },
    ...(closed.includes('time') ? [{ object: 'Date', property: 'now', message: DOORS.time.message }] : []),
  ],
  'no-restricted-imports': [
    'error',
    { patterns: walls.map(({ types, ...wall }) => ({ ...wall, allowTypeImports: types ?? false })) },
  ],
});

/** What is shut everywhere; each door opens it in one place, below. */
const SHUT: readonly Door[] = ['network', 'storage', 'caches', 'webCrypto', 'time'];
const shutBut = (...open: Door[]) => SHUT.filter((door) => !open.includes(door));

export default defineConfig({
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'promise'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  options: { typeAware: true },
  ignorePatterns: ['dist', '.vectors'],
  rules: {
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    'no-var': 'error',
    'prefer-const': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/consistent-type-imports': 'error',
    // tsc's noImplicitReturns does this, and knows which switches name every case.
    'typescript/consistent-return': 'off',
    // What comes from outside is read by wire.ts; elsewhere an assertion is a reviewed exception.
    'typescript/no-unsafe-type-assertion': 'off',
    // Rounds, keys and attempts follow one another on purpose.
    'no-await-in-loop': 'off',
    // A helper stands beside what it helps.
    'unicorn/consistent-function-scoping': 'off',
    // fast-check is read as `fc.…` throughout.
    'import/no-named-as-default-member': 'off',
    // A request or a transaction has one owner, who sets one listener.
    'unicorn/prefer-add-event-listener': 'off',
    // Taken for window.postMessage: a worker's message has no target origin.
    'unicorn/require-post-message-target-origin': 'off',
  },
  overrides: [
    // In a test, what is missing should fail right there.
    { files: ['tests/**'], rules: { 'typescript/no-non-null-assertion': 'off' } },
    { files: ['src/**'], rules: restrict(SHUT, []) },
    ...DOMAINS.flatMap((domain) => [
      { files: [`src/${domain}/**/*.ts`], rules: restrict(SHUT, [otherDomains(domain), WALLS.app]) },
      {
        files: [`src/${domain}/**/flow*.ts`, `src/${domain}/rules.ts`],
        rules: restrict([...SHUT, 'page'], [otherDomains(domain), WALLS.app, WALLS.runners]),
      },
      {
        files: [`src/${domain}/**/*.tsx`],
        rules: restrict(SHUT, [otherDomains(domain), WALLS.app, WALLS.runners, WALLS.keys]),
      },
    ]),
    { files: ['src/ui/**'], rules: restrict(SHUT, [otherDomains('ui'), WALLS.app, WALLS.runners, WALLS.keys]) },
    { files: ['src/crypto/**'], rules: restrict([...SHUT, 'page'], [WALLS.outside]) },
    { files: ['src/crypto/primitives.ts'], rules: restrict([...shutBut('webCrypto'), 'page'], [WALLS.outside]) },
    { files: ['src/sw/**'], rules: restrict(shutBut('network', 'caches'), [WALLS.worker]) },
    { files: ['src/api.ts'], rules: restrict(shutBut('network'), []) },
    { files: ['src/clock.ts'], rules: restrict(shutBut('time'), []) },
    { files: ['src/keystore.ts', 'src/keystore/**'], rules: restrict(shutBut('storage'), []) },
  ],
});
