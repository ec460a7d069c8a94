/** What waits folded until it is asked for. */

import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

/** Something more, for whoever opens it. `open`: how it stands at first; then it is as the person left it. */
export function Folded({ title, open, children }: { title: string; open: boolean; children: ComponentChildren }) {
  const atFirst = useSignal(open);
  return (
    <details open={atFirst.peek()}>
      <summary>{title}</summary>
      {children}
    </details>
  );
}
