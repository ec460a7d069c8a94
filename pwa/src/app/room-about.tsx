/** About this server, joined to the shell. */

import { config } from './session';
import View from './view-about';

/** What this very page was built from; `@` stands before a build that was never finished. */
const build = () => document.querySelector('meta[name="build"]')?.getAttribute('content') ?? '';

export const Room = () => <View config={config.value} build={build()} />;
