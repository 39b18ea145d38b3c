import type { StateEntered } from '../workflows/state-machines.ts';

/** The states of a run as a story: each once, in order, and how often it was entered. */
export class RunStory {
  #states = new Map<string, number>();

  follow({ state }: StateEntered): void {
    this.#states.set(state, (this.#states.get(state) ?? 0) + 1);
  }

  /** The lines of what happened since it was last told. */
  tell(): string[] {
    const lines = [...this.#states].map(([state, times]) => (times === 1 ? state : `${state} (${times} times)`));
    this.#states = new Map();
    return lines;
  }
}
