/** Fields and choices: each with its label, its hint, and its error tied to it. */

import type { ComponentChildren } from 'preact';

/** What a control needs in order to be tied to its label, hint and error. */
export interface Tied {
  id: string;
  class: 'input';
  'aria-describedby'?: string;
  'aria-invalid'?: true;
}

/** Moves to what has to be mended first, once it is on screen. */
export function goToProblem() {
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>('.input[aria-invalid], [aria-invalid] input')?.focus(),
  );
}

/** One labelled control; `children` draws it with what it is given. */
export function Field({
  id,
  label,
  hint,
  error,
  children,
}: {
  id: string;
  label: string;
  hint?: string | undefined;
  error?: string | null | undefined;
  children: (tied: Tied) => ComponentChildren;
}) {
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  const tied: Tied = { id, class: 'input' };
  if (described) tied['aria-describedby'] = described;
  if (error) tied['aria-invalid'] = true;
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
      </label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children(tied)}
      {error && (
        <p class="error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

/**
 * One of a few, all alike to look at. `down` puts them below one another.
 * `autocomplete="off"`: a browser writes what is picked into its session's file, to restore it, unless told not to.
 */
export function Choices<T extends string>({
  name,
  legend,
  hint,
  options,
  value,
  error,
  down,
  tall,
  onPick,
}: {
  name: string;
  legend: string;
  hint?: string | undefined;
  options: readonly (readonly [value: T, label: string])[];
  value: T | null;
  error?: string | null | undefined;
  down?: boolean;
  tall?: boolean;
  onPick: (value: T) => void;
}) {
  return (
    <fieldset
      role="radiogroup"
      aria-invalid={error ? true : undefined}
      aria-describedby={error ? `${name}-error` : hint ? `${name}-hint` : undefined}
    >
      <legend>{legend}</legend>
      {hint && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      <div class={`choices ${down ? 'down' : ''}`}>
        {options.map(([option, label]) => (
          <label key={option} class={`choice ${tall ? 'tall' : ''}`}>
            <input
              type="radio"
              name={name}
              autocomplete="off"
              checked={value === option}
              onChange={() => onPick(option)}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
      {error && (
        <p class="error" id={`${name}-error`} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}

/** Something that is so or not so. */
export const Tick = ({
  checked,
  label,
  onTick,
}: {
  checked: boolean;
  label: string;
  onTick: (checked: boolean) => void;
}) => (
  <label class="choice">
    <input type="checkbox" checked={checked} onChange={(event) => onTick(event.currentTarget.checked)} />
    <span>{label}</span>
  </label>
);
