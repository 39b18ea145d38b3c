import type { Compliance } from '../answers.ts';
import { absenceCard } from './absence-card.ts';
import { askCompliance } from './ask.ts';
import { showError, showLoading } from './card.ts';
import { h } from './elements.ts';
import { evidenceCard } from './evidence-card.ts';
import { requestsCard } from './requests-card.ts';
import { submitCard } from './submit-card.ts';
import type { Part } from './view.ts';

/** Requests to be forgotten: asking for one, how far each is, and what proves it. */
export class CompliancePage implements Part {
  readonly element: HTMLElement;
  /** What is asked for again when something has run; the forms above it keep what is typed. */
  readonly #records = h('div', { class: 'records' });

  constructor() {
    const again = () => this.show();
    this.element = h('div', { class: 'grid' }, submitCard(again), absenceCard(), this.#records);
    showLoading(this.#records);
  }

  async show(): Promise<void> {
    try {
      this.#draw(await askCompliance());
    } catch (error) {
      showError(this.#records, error, () => void this.show());
    }
  }

  #draw(compliance: Compliance): void {
    this.#records.removeAttribute('aria-busy');
    this.#records.replaceChildren(
      requestsCard(compliance, () => this.show()),
      ...compliance.evidence.map(evidenceCard),
    );
  }

  redraw(): void {}

  close(): void {}
}
