import { bucketLists } from '../../../core/chat/buckets.ts';

test.each(['day', 'week', 'month'] as const)(
  'every list of a %s has nine labels and eight edges that rise',
  (grain) => {
    const lists = bucketLists(grain);
    expect(lists).toHaveLength(6);
    for (const { labels, edges } of lists) {
      expect(labels).toHaveLength(9);
      expect(edges.map(Number)).toEqual(edges.map(Number).toSorted((left, right) => left - right));
      expect(new Set(edges).size).toBe(8);
    }
  },
);

test('edges are read from labels, k and M written out', () => {
  const [cost, tokens] = bucketLists('month');
  expect(cost?.edges).toEqual(['0.1', '1', '5', '10', '30', '50', '100', '300']);
  expect(tokens?.edges).toEqual(['5000', '20000', '100000', '300000', '500000', '1000000', '3000000', '5000000']);
});
