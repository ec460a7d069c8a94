/** The library, joined to the shell. */

import View from '../library/view';
import type { Shown } from './rooms';

export const Room = ({ shown }: { shown: Shown }) => <View topic={shown.name === 'library' ? shown.topic : null} />;
