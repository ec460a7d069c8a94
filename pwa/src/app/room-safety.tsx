/** The page on safety, joined to the shell: it stands before inviting and joining. */

import View from '../safety/view';
import { replace } from './navigation';
import type { Shown } from './rooms';
import { config } from './session';

export function Room({ shown }: { shown: Shown }) {
  const before = shown.name === 'safety' ? shown.before : null;
  return <View before={before} config={config.value} onGo={() => before !== null && replace({ name: before })} />;
}
