import { goldActiveUserBreakdown } from '../../core/chat/tables.ts';
import { type Chart, chart, type Page } from '../chart.ts';
import { slug } from './slug.ts';

const dimensions = [
  { dimension: 'COUNTRY', name: 'country', about: 'ISO 3166 code of the country that the client stated.' },
  { dimension: 'PLATFORM', name: 'platform', about: 'The client they used.' },
  { dimension: 'REGION', name: 'region', about: 'UN M49 region of the country.' },
  { dimension: 'SI_VERSION', name: 'version', about: 'Version of the client (si_version).' },
  { dimension: 'DEVICE', name: 'device', about: 'The device that the client stated.' },
  { dimension: 'RES_STATUS', name: 'response status', about: 'How the response ended.' },
  { dimension: 'RES_TYPE', name: 'response type', about: 'What kind of response it was.' },
] as const;

const severalValues =
  'Somebody with two values in a period counts in both, so a bar can exceed the active users. Values with few people are merged into OTHER.';

function usersBy({ dimension, name, about }: (typeof dimensions)[number]): Chart[] {
  const where = { dimension };
  return [
    chart(goldActiveUserBreakdown, {
      id: `users-by-${slug(name)}`,
      title: `Active users by ${name}`,
      description: `${about} ${severalValues}`,
      kind: 'stacked bars',
      axis: 'period',
      // Values with few people stand in OTHER, or nowhere.
      absent: 'unknown',
      by: ['dimension_value'],
      measures: [{ column: 'active_users', aggregate: 'only', label: 'Active users', format: 'count' }],
      where,
      grain: 'chosen',
      platforms: 'one',
      width: 8,
    }),
    chart(goldActiveUserBreakdown, {
      id: `top-${slug(name)}`,
      title: `Top by ${name}`,
      description:
        'Mean and peak: active users of a period, over those periods of the time range in which it is shown. Latest: the last such period.',
      kind: 'table',
      by: ['dimension_value'],
      measures: [
        { column: 'active_users', aggregate: 'mean', label: 'Mean users', format: 'average' },
        { column: 'active_users', aggregate: 'peak', label: 'Peak', format: 'count' },
        { column: 'active_users', aggregate: 'latest', label: 'Latest', format: 'count' },
      ],
      where,
      grain: 'chosen',
      platforms: 'one',
      width: 4,
    }),
  ];
}

export const audience: Page = {
  id: 'audience',
  title: 'Audience',
  sentence: 'Where people are, what they use, and how they are answered.',
  charts: dimensions.flatMap(usersBy),
};
