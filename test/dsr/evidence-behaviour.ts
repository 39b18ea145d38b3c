import type { EvidenceStore } from '../../core/dsr/erasures.ts';

export interface OpenedEvidence {
  readonly store: EvidenceStore;
  /** What is stored under a name. */
  read(name: string): Promise<string>;
}

/** What every store of evidence does. */
export function evidenceBehaviour(open: () => Promise<OpenedEvidence>): void {
  test('evidence is written once, whoever else writes it at the same time', async () => {
    const { store, read } = await open();
    expect([await store.keep('a.json', 'first é'), await store.keep('a.json', 'second')]).toEqual([
      'first é',
      'first é',
    ]);
    expect(await read('a.json')).toBe('first é');
    const kept = await Promise.all(['1', '2', '3', '4'].map((text) => store.keep('b.json', text)));
    expect(kept).toEqual(Array(4).fill(await read('b.json')));
  });
}
