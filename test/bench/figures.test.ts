import { gibibytes, median, seconds, times, whole } from '../../bench/figures.ts';

describe('figures', () => {
  it('take the middle of the rounds, or the mean of the two in the middle', () => {
    expect(median([9, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 9])).toBe(3);
    expect(median([])).toBeNaN();
  });

  it('are written with their units', () => {
    expect([seconds(1.234), seconds(75.04), gibibytes(3 * 2 ** 29), times(3.456), whole(1_234_567.8)]).toEqual([
      '1.23 s',
      '75.0 s',
      '1.50 GiB',
      '3.46 ×',
      '1,234,568',
    ]);
  });
});
