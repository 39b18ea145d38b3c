import { createHash, verify } from 'node:crypto';
import type { ErasureKeys } from '../../core/dsr/erasures.ts';

/** What the keys of erasures do, wherever they are. */
export function keysBehaviour(open: () => Promise<{ keys: ErasureKeys; others: ErasureKeys }>): void {
  let opened: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    opened = await open();
  });

  test('a pseudonym is the same each time, another one with another key, and no plain hash', async () => {
    const { keys, others } = opened;
    const pseudonym = await keys.pseudonym('person-4711');
    expect(await keys.pseudonym('person-4711')).toBe(pseudonym);
    expect(await keys.pseudonym('person-4712')).not.toBe(pseudonym);
    expect(await others.pseudonym('person-4711')).not.toBe(pseudonym);
    expect(pseudonym).toMatch(/^[0-9a-f]{64}$/);
    expect(pseudonym).not.toBe(createHash('sha256').update('person-4711').digest('hex'));
  });

  test('a signature of any text is checked with the public key, and by no other', async () => {
    const { keys, others } = opened;
    // KMS itself takes no message beyond 4,096 bytes.
    const text = JSON.stringify({ evidence: 'x'.repeat(10_000) });
    const signature = Buffer.from(await keys.sign(text), 'base64');
    const genuine = async (of: string, by: ErasureKeys) =>
      verify('sha256', Buffer.from(of), await by.publicKey(), signature);
    expect(await genuine(text, keys)).toBe(true);
    expect(await genuine(`${text} `, keys)).toBe(false);
    expect(await genuine(text, others)).toBe(false);
    expect(await keys.publicKey()).toBe(await keys.publicKey());
  });
}
