import { goldTimeSeries } from '../../core/chat/tables.ts';
import { type Chart, chart } from '../chart.ts';
import type { Figure } from './figures.ts';
import { slug } from './slug.ts';

/** The latest value of a figure, with the change against the one before. */
export function keyFigure({ column, label, meaning, format, absent }: Figure): Chart {
  return chart(goldTimeSeries, {
    id: `latest-${slug(label)}`,
    title: label,
    description: `${meaning} Shown for the latest period, with the change against the one before.`,
    kind: 'figure',
    axis: 'period',
    measures: [{ column, aggregate: 'only', label, format }],
    ...(absent === undefined ? {} : { absent }),
    grain: 'chosen',
    platforms: 'one',
    width: 2,
  });
}

/** A line for each compared platform. Default: of all periods of the chosen grain, half a page wide. */
export function overTime(
  { column, label, meaning, format, absent }: Figure,
  more: Partial<Pick<Chart, 'id' | 'title' | 'grain' | 'lastPeriods' | 'width'>> = {},
): Chart {
  return chart(goldTimeSeries, {
    id: slug(label),
    title: label,
    description: more.lastPeriods === undefined ? meaning : `${meaning} Up to ${more.lastPeriods} periods back.`,
    kind: 'lines',
    axis: 'period',
    by: ['platform'],
    measures: [{ column, aggregate: 'only', label, format }],
    ...(absent === undefined ? {} : { absent }),
    grain: 'chosen',
    platforms: 'compared',
    width: 6,
    ...more,
  });
}
