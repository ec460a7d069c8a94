/** Small drawn signs. They decorate words that stand beside them, so screen readers skip them. */

/** The door ajar. */
export const Mark = () => (
  <svg class="mark" viewBox="0 0 28 28" aria-hidden="true">
    <path fill="currentColor" d="M6 3h16v21h2v1.500H16.500L6 27z" opacity=".18" />
    <path fill="currentColor" d="M6 3h11v21.500L6 27z" />
    <path fill="#eeb55a" d="M17 4h3.500v20H17z" />
  </svg>
);

/** Leads on to another screen. */
export const Onward = () => (
  <svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.750">
    <path d="M6 3l5 5-5 5" stroke-linecap="round" stroke-linejoin="round" />
  </svg>
);

/** A door ajar and the light of the room behind it: the same drawing whatever has happened. */
export const Scene = () => (
  <svg class="scene" viewBox="0 0 320 136" aria-hidden="true">
    <path class="floor" d="M0 104h320v1.500H0z" />
    <path class="spill" d="M173 105h13l58 31h-62z" />
    <path class="frame" d="M118 105V14a6 6 0 0 1 6-6h62a6 6 0 0 1 6 6v91h-6V14h-62v91z" />
    <path class="light" d="M173 14h13v91h-13z" />
    <path class="door" d="M124 14h49v91l-49 15z" />
    <path class="edge" d="M131 24h35v32l-35 1.500zM131 65l35-1.500v32L131 105z" />
    <circle class="light" cx="168" cy="62" r="2" />
  </svg>
);
