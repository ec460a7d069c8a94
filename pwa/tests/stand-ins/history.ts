/** A browser's session history as far as a page sees it: entries, and steps that arrive later. */

export class StandInHistory {
  entries: { state: unknown; url: string }[] = [{ state: null, url: '/' }];
  index = 0;
  readonly #events: EventTarget;

  constructor(events: EventTarget) {
    this.#events = events;
  }
  get state(): unknown {
    return this.entries[this.index]?.state;
  }
  pushState(state: unknown, _: string, url: string) {
    this.index += 1;
    this.entries.length = this.index;
    this.entries.push({ state, url });
  }
  replaceState(state: unknown, _: string, url: string) {
    this.entries[this.index] = { state, url };
  }
  go(steps: number) {
    const to = this.index + steps;
    if (this.entries[to] === undefined) return;
    // As in browsers: the step is made after the running script.
    queueMicrotask(() => {
      this.index = to;
      this.#events.dispatchEvent(Object.assign(new Event('popstate'), { state: this.state }));
    });
  }
  back() {
    this.go(-1);
  }
}
