import type { WeekStart } from '../../../core/window.ts';
import type { Choices } from '../answers.ts';
import type { Address } from './address.ts';

/** What a page is drawn from. */
export interface View {
  readonly address: Address;
  readonly choices: Choices;
  readonly weekStart: WeekStart;
}

/** A part of a page that shows something of the lakehouse. */
export interface Part {
  readonly element: HTMLElement;
  /** Asks for what the view means, and draws it. */
  show(view: View): Promise<void>;
  /** Draws again what is known. */
  redraw(): void;
  close(): void;
}
