/**
 * The ruler from 0 to 10: a radio group, so that fingers, arrow keys and screen readers all work.
 * `autocomplete="off"`, as in `form.tsx`: the number is on no disk either.
 */

const MARKS = Array.from({ length: 11 }, (_, mark) => mark);

export function Ruler({
  legend,
  low,
  high,
  value,
  onPick,
}: {
  legend: string;
  /** What 0 and 10 mean. */
  low: string;
  high: string;
  value: number | null;
  onPick: (value: number) => void;
}) {
  return (
    <fieldset aria-describedby="ruler-ends">
      <legend class="lead">{legend}</legend>
      <div class="ends" id="ruler-ends">
        <span>{low}</span>
        <span>{high}</span>
      </div>
      <div class="ruler">
        {MARKS.map((mark) => (
          <label key={mark} class="tick">
            <input
              type="radio"
              name="ruler"
              autocomplete="off"
              checked={value === mark}
              onChange={() => onPick(mark)}
            />
            <span>{mark}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
