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

/** A door ajar with the light of a room behind it: the same whatever has happened. */
export const Scene = () => (
  <svg class="scene" viewBox="0 0 256 144" aria-hidden="true">
    <rect class="wall" width="256" height="144" rx="16" />
    <path class="floor" d="M0 112h256v16a16 16 0 0 1-16 16H16a16 16 0 0 1-16-16z" />
    <path class="spill" d="M142 112h12l44 32h-50z" />
    <path class="light" d="M142 22h12v90h-12z" />
    <path class="door" d="M100 22h42v90l-42 12z" />
    <path class="edge" d="M106 32h30v32h-30zM106 72h30v34l-30 8z" />
    <circle class="light" cx="137" cy="70" r="2" />
  </svg>
);
