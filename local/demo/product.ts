import { weighted } from './random.ts';

// The product that the demonstration pretends to measure. All of it is made up; docs/demo-data.md says so.

/** A model and its prices in billionths of a dollar (1000 a token = $1 a million tokens). */
export interface Model {
  readonly name: string;
  readonly trace: 'conversation' | 'code';
  readonly perPromptToken: number;
  readonly perCompletionToken: number;
  readonly perRequest: number;
}

const small: Model = {
  name: 'athena-small',
  trace: 'conversation',
  perPromptToken: 150,
  perCompletionToken: 600,
  perRequest: 0,
};
const large: Model = {
  name: 'athena-large',
  trace: 'conversation',
  perPromptToken: 2_500,
  perCompletionToken: 10_000,
  perRequest: 500_000,
};
const code: Model = {
  name: 'athena-code',
  trace: 'code',
  perPromptToken: 800,
  perCompletionToken: 3_200,
  perRequest: 100_000,
};
const deep: Model = {
  name: 'athena-deep',
  trace: 'conversation',
  perPromptToken: 5_000,
  perCompletionToken: 20_000,
  perRequest: 2_000_000,
};

export const models: readonly Model[] = [small, large, code, deep];

export const modelAt = weighted<Model>([
  [small, 44],
  [large, 32],
  [code, 18],
  [deep, 6],
]);

/** A client: its devices, and how it is released. */
export interface Platform {
  readonly name: string;
  readonly deviceAt: (at: number) => string;
  /** Version of the release that was new when the demonstration begins. */
  readonly firstRelease: readonly [major: number, minor: number];
  readonly daysBetweenReleases: number;
  /** Days until the last user has a new release. */
  readonly rolloutDays: number;
}

const web: Platform = {
  name: 'web',
  deviceAt: weighted([
    ['Windows PC', 50],
    ['Mac', 26],
    ['Android phone', 10],
    ['iPhone', 7],
    ['Linux PC', 4],
    ['Chromebook', 3],
  ]),
  firstRelease: [5, 40],
  daysBetweenReleases: 7,
  rolloutDays: 2,
};
const ios: Platform = {
  name: 'ios',
  deviceAt: weighted([
    ['iPhone', 86],
    ['iPad', 14],
  ]),
  firstRelease: [3, 12],
  daysBetweenReleases: 14,
  rolloutDays: 18,
};
const android: Platform = {
  name: 'android',
  deviceAt: weighted([
    ['Android phone', 92],
    ['Android tablet', 8],
  ]),
  firstRelease: [3, 12],
  daysBetweenReleases: 14,
  rolloutDays: 28,
};
const desktop: Platform = {
  name: 'desktop',
  deviceAt: weighted([
    ['Windows PC', 58],
    ['Mac', 37],
    ['Linux PC', 5],
  ]),
  firstRelease: [2, 8],
  daysBetweenReleases: 28,
  rolloutDays: 21,
};
export const api: Platform = {
  name: 'api',
  deviceAt: weighted([['Server', 1]]),
  firstRelease: [1, 4],
  daysBetweenReleases: 45,
  rolloutDays: 40,
};

export const firstPlatformAt = weighted<Platform>([
  [web, 46],
  [ios, 23],
  [android, 21],
  [desktop, 7],
  [api, 3],
]);

export const furtherPlatformAt = weighted<Platform>([
  [web, 30],
  [ios, 27],
  [android, 24],
  [desktop, 19],
]);

/** ISO 3166-1 alpha-2 code and the offset of its clocks from UTC, in minutes. */
export interface Country {
  readonly code: string;
  readonly offset: number;
}

export const countryAt = weighted<Country>(
  (
    [
      ['US', -300, 250],
      ['IN', 330, 110],
      ['DE', 60, 80],
      ['GB', 0, 75],
      ['BR', -180, 60],
      ['JP', 540, 55],
      ['FR', 60, 50],
      ['CA', -300, 40],
      ['KR', 540, 32],
      ['ES', 60, 30],
      ['IT', 60, 28],
      ['MX', -360, 27],
      ['ID', 420, 25],
      ['NL', 60, 22],
      ['AU', 600, 22],
      ['PL', 60, 20],
      ['TR', 180, 18],
      ['NG', 60, 16],
      ['VN', 420, 14],
      ['ZA', 120, 13],
      ['AR', -180, 12],
      ['SE', 60, 12],
      ['TW', 480, 12],
      ['EG', 120, 10],
      ['KE', 180, 9],
      ['SG', 480, 9],
      ['CO', -300, 8],
      ['CH', 60, 8],
      ['NZ', 720, 6],
      ['MA', 60, 5],
      ['CL', -240, 5],
      ['IS', 0, 2],
      ['FJ', 720, 1],
      ['XK', 60, 1],
    ] as const
  ).map(([code, offset, weight]) => [{ code, offset }, weight]),
);

/** Codes that are no country's, as clients sometimes send them. */
export const unknownCountries = ['ZZ', 'EU', 'UK', 'XX', 'A1'] as const;

/** How an answer ended. Only `ok` and `cancelled` have written tokens. */
export const statusAt = weighted([
  ['ok', 945],
  ['cancelled', 24],
  ['error', 16],
  ['filtered', 10],
  ['timeout', 5],
]);

/** Kinds of answer. A `report` is stamped when it is finished, so its tool calls lie before it. */
export const answerAt = weighted([
  ['text', 800],
  ['table', 60],
  ['image', 55],
  ['report', 45],
  ['file', 40],
]);

export const toolAt = weighted([
  ['web_search', 42],
  ['retrieval', 21],
  ['code_interpreter', 18],
  ['image_generation', 9],
  ['calculator', 6],
  ['calendar', 4],
]);

/** Relative use of each hour, local time: those who use it at work, and those who use it at home. */
export const hourAtWork = weighted(
  [2, 1, 1, 1, 1, 2, 6, 16, 42, 70, 78, 72, 48, 62, 76, 74, 64, 46, 28, 18, 14, 11, 7, 4].map((use, hour) => [
    hour,
    use,
  ]),
);
export const hourAtHome = weighted(
  [14, 8, 5, 3, 2, 3, 6, 12, 18, 22, 24, 26, 28, 26, 26, 28, 32, 38, 46, 56, 64, 66, 52, 30].map((use, hour) => [
    hour,
    use,
  ]),
);

/** Use on each day of the week, Sunday first. */
export const weekdayUse = [0.62, 1.04, 1.1, 1.08, 1.05, 0.95, 0.58] as const;
