import { full, short, tick } from '../../../../local/console/page/figures.ts';

describe('an amount of money', () => {
  test('keeps the digits that matter, however small it is', () => {
    const amounts = [0, 1_234.5, 12.345, 0.5, 0.1234, 0.05, 0.01234, 0.00999, 0.0001, 0.00004213, -0.00004213, 1e-9];
    const written = ['$0', '$1,235', '$12.35', '$0.50', '$0.123', '$0.05', '$0.0123', '$0.00999'];
    const small = ['$0.0001', '$0.0000421', '$-0.0000421', '$0.000000001'];
    expect(amounts.map((amount) => full(amount, 'usd'))).toEqual([...written, ...small]);
    expect(short(0.00004213, 'usd')).toBe('$0.0000421');
  });

  test('at an axis is never rounded to nothing', () => {
    expect([0, 0.00002, 0.25, 0.30000000000000004, 2, 1_500].map((amount) => tick(amount, 'usd'))).toEqual([
      '$0',
      '$0.00002',
      '$0.25',
      '$0.3',
      '$2',
      '$1.5k',
    ]);
  });
});
