/** What stands around every screen: the bar with the way out, and lines about the app itself. */

import type { ComponentChildren } from 'preact';
import { t } from '../i18n';
import { Button } from './elements';
import { Mark } from './icons';

export interface FrameProps {
  /** Wipes the page and opens a neutral one. */
  leaveNow: () => void;
  /** A new version waits; it is loaded only when the person says so. */
  updateReady: boolean;
  onUpdate: () => void;
  trial: boolean;
  /** Nothing can be kept on this device. */
  memoryOnly: boolean;
  /** A screen could not be loaded. */
  loadFailed: boolean;
  onRetry: () => void;
  children: ComponentChildren;
}

const Line = ({ children }: { children: ComponentChildren }) => <div class="line">{children}</div>;

export const Frame = (props: FrameProps) => (
  <>
    <header class="bar">
      <span class="bar-name">
        <Mark />
        Ajar
      </span>
      <Button kind="away" onPress={props.leaveNow}>
        {t('leave.now')}
      </Button>
    </header>
    <div class="lines" role="status">
      {props.loadFailed && (
        <Line>
          <span>{t('frame.failed')}</span>
          <Button onPress={props.onRetry}>{t('try.again')}</Button>
        </Line>
      )}
      {props.memoryOnly && <Line>{t('frame.memory')}</Line>}
      {props.updateReady && (
        <Line>
          <span>{t('frame.update')}</span>
          <Button onPress={props.onUpdate}>{t('frame.update.load')}</Button>
        </Line>
      )}
      {props.trial && <Line>{t('frame.trial')}</Line>}
    </div>
    {props.children}
  </>
);
