import { type Region, regions } from '../../../core/chat/regions.ts';

test('every ISO 3166-1 code but Antarctica, and Kosovo, has a region', () => {
  expect(Object.keys(regions)).toHaveLength(249);
  expect(Object.keys(regions).filter((code) => !/^[A-Z]{2}$/.test(code))).toEqual([]);
  expect(regions.AQ).toBeUndefined();
});

test('no code is listed under two regions', () => {
  const count = (region: Region) => Object.values(regions).filter((value) => value === region).length;
  expect([count('Africa'), count('Americas'), count('Asia'), count('Europe'), count('Oceania')]).toEqual([
    60, 57, 51, 52, 29,
  ]);
});

test.each([
  ['BV', 'Americas'],
  ['GS', 'Americas'],
  ['HM', 'Oceania'],
  ['UM', 'Oceania'],
  ['TF', 'Africa'],
  ['IO', 'Africa'],
  ['CY', 'Asia'],
  ['TW', 'Asia'],
  ['XK', 'Europe'],
  ['RU', 'Europe'],
  ['MX', 'Americas'],
])('%s lies in %s', (code, region) => {
  expect(regions[code]).toBe(region);
});
