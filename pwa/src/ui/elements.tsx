/** The elements that every screen is made of. */

import type { ComponentChildren } from 'preact';
import { Onward } from './icons';

/** A new heading is a new screen to whoever listens or uses a keyboard: it takes the focus. */
const arrive = (heading: HTMLHeadingElement | null) => {
  if (heading === null) return;
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
};

/**
 * One screen: its one heading, what it says, and its actions within reach of a thumb.
 * `more` lies below the first view, for whoever scrolls.
 */
export const Screen = ({
  title,
  above,
  actions,
  more,
  children,
}: {
  title: string;
  above?: ComponentChildren;
  actions?: ComponentChildren;
  more?: ComponentChildren;
  children?: ComponentChildren;
}) => (
  <main>
    <div class="fold">
      {above}
      <h1 key={title} tabIndex={-1} ref={arrive}>
        {title}
      </h1>
      {children}
      {actions && <div class="actions">{actions}</div>}
    </div>
    {more}
  </main>
);

/** `main` the one thing to do here · `plain` a way out that needs no frame. */
export const Button = ({
  kind,
  onPress,
  children,
}: {
  kind?: 'main' | 'plain' | 'away';
  onPress: () => void;
  children: ComponentChildren;
}) => (
  <button type="button" class={`button ${kind ?? ''}`} onClick={onPress}>
    {children}
  </button>
);

/** Rows that lead to other screens; an empty place is left out. */
export const Rows = ({ children }: { children: ComponentChildren }) => <ul class="rows">{children}</ul>;

export const Row = ({ onPress, children }: { onPress: () => void; children: ComponentChildren }) => (
  <li>
    <button type="button" class="row" onClick={onPress}>
      <span>{children}</span>
      <Onward />
    </button>
  </li>
);

/** Something to know before going on. */
export const Note = ({ children }: { children: ComponentChildren }) => <div class="note stack">{children}</div>;
