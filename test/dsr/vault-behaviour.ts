import type { Vault } from '../../core/dsr/erasures.ts';

/** What every vault does, wherever it keeps what it has. */
export function vaultBehaviour(open: () => Promise<Vault>): void {
  let vault: Vault;
  beforeAll(async () => {
    vault = await open();
  });

  test('keeps identities by request, and the first ones of a request for good', async () => {
    expect(await vault.put('a', ['person-4711', 'Zoë 🙂'])).toEqual(['person-4711', 'Zoë 🙂']);
    expect(await vault.put('a', ['somebody-else'])).toEqual(['person-4711', 'Zoë 🙂']);
    await vault.put('b', ['x']);
    expect(await vault.get(['a', 'none'])).toEqual(new Map([['a', ['person-4711', 'Zoë 🙂']]]));
  });

  test('destroys what it is told to, twice if told so', async () => {
    await vault.put('c', ['y']);
    await vault.destroy(['a', 'b']);
    await vault.destroy(['a', 'b']);
    expect(await vault.get(['a', 'b', 'c'])).toEqual(new Map([['c', ['y']]]));
    expect(await vault.put('a', ['new'])).toEqual(['new']);
  });

  test('gives and destroys more at once than any store takes in a call', async () => {
    const ids = Array.from({ length: 230 }, (_, n) => `many-${n}`);
    for (const id of ids) await vault.put(id, [`person of ${id}`]);
    expect(await vault.get(ids)).toEqual(new Map(ids.map((id) => [id, [`person of ${id}`]])));
    await vault.destroy(ids);
    expect(await vault.get(ids)).toEqual(new Map());
  });
}
