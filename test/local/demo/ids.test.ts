import fc from 'fast-check';
import { uuid } from '../../../local/demo/ids.ts';
import { mix, weighted } from '../../../local/demo/random.ts';

test('different pairs of numbers have different ids that look like random UUIDs', () => {
  const ids = new Set<string>();
  for (let a = 0; a < 300; a++) for (let b = 0; b < 300; b++) ids.add(uuid(1, a, b));
  expect(ids.size).toBe(90_000);
  expect([...ids].filter((id) => !/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toEqual(
    [],
  );
  // Ids of neighbours start differently, so column bounds cut to a prefix tell them apart.
  expect(new Set([...ids].map((id) => id.slice(0, 8))).size).toBeGreaterThan(89_990);
});

test('the pair can be read back from the first and last eight digits', () => {
  const word = fc.integer({ min: 0, max: 0xffff_ffff });
  fc.assert(
    fc.property(word, word, word, (salt, a, b) => {
      const id = uuid(salt, a, b);
      const first = Number.parseInt(id.slice(0, 8).split('').reverse().join(''), 16);
      const last = Number.parseInt(id.slice(-8).split('').reverse().join(''), 16);
      const left = (first ^ mix(last - salt)) >>> 0;
      const back = (last ^ mix(left + salt)) >>> 0;
      expect([(left ^ mix(back ^ salt)) >>> 0, back]).toEqual([a, b]);
    }),
  );
});

test('a weighted choice gives every value its share', () => {
  const at = weighted([
    ['often', 3],
    ['seldom', 1],
  ]);
  const seldom = Array.from({ length: 1000 }, (_, n) => at(n / 1000)).filter((value) => value === 'seldom').length;
  expect(seldom).toBe(250);
});
