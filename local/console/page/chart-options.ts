import type { EChartsCoreOption } from 'echarts/core';
import type { ShownChart } from '../answers.ts';
import type { ChartSeries } from './chart-series.ts';
import { h } from './elements.ts';
import { full, tick } from './figures.ts';
import { shade, styleColour } from './theme.ts';

/** More places than this are worth a slider to zoom with. */
const zoomFrom = 14;

/** What the chart library draws: one chart in the colours of the theme. */
export function chartOptions(chart: ShownChart, shown: ChartSeries): EChartsCoreOption {
  const { ticks, drawn, format } = shown;
  const muted = styleColour('--muted');
  const line = styleColour('--line');
  const isZoomable = chart.axis !== undefined && typeof chart.axis === 'string' && ticks.length > zoomFrom;
  const isLine = chart.kind === 'lines';
  return {
    animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    animationDuration: 250,
    animationDurationUpdate: 200,
    textStyle: { fontFamily: 'inherit' },
    grid: { left: 8, right: 12, top: 14, bottom: isZoomable ? 40 : 4, containLabel: true },
    legend: { show: false },
    tooltip: {
      trigger: 'axis',
      axisPointer: isLine ? { type: 'line', lineStyle: { color: muted, type: 'solid', width: 1 } } : { type: 'shadow' },
      confine: true,
      className: 'tip',
      backgroundColor: styleColour('--card'),
      borderColor: line,
      padding: 0,
      extraCssText: 'border-radius: 6px; box-shadow: 0 4px 14px rgb(0 0 0 / 0.12);',
      formatter: (points: unknown) => tooltip(chart, shown, points),
    },
    xAxis: {
      type: 'category',
      data: ticks,
      boundaryGap: !isLine,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: line } },
      axisLabel: { color: muted, hideOverlap: true, fontSize: 11 },
    },
    yAxis: {
      type: 'value',
      axisLabel: { color: muted, fontSize: 11, formatter: (value: number) => tick(value, format) },
      splitLine: { lineStyle: { color: line } },
      splitNumber: 4,
    },
    dataZoom: isZoomable ? zoom(muted, line) : [],
    series: drawn.map(({ name, colour, values }) => {
      const color = shade(colour);
      if (!isLine) {
        return {
          type: 'bar',
          name,
          data: values,
          itemStyle: { color },
          barMaxWidth: 42,
          ...(chart.kind === 'stacked bars' ? { stack: 'all', barCategoryGap: '28%' } : { barGap: '8%' }),
        };
      }
      return {
        type: 'line',
        name,
        data: values,
        color,
        lineStyle: { width: name === 'All' ? 2.4 : 1.6, color },
        symbol: 'circle',
        symbolSize: 5,
        // A single point, or a few, would be no line to see.
        showSymbol: ticks.length <= 6,
        emphasis: { focus: 'none' },
      };
    }),
  };
}

function zoom(muted: string, line: string) {
  return [
    // The wheel scrolls the page; with Shift it zooms.
    { type: 'inside', zoomOnMouseWheel: 'shift', moveOnMouseMove: false, moveOnMouseWheel: false },
    {
      type: 'slider',
      height: 14,
      bottom: 8,
      brushSelect: false,
      showDetail: false,
      borderColor: 'transparent',
      backgroundColor: styleColour('--sunken'),
      fillerColor: styleColour('--filler'),
      dataBackground: { lineStyle: { opacity: 0 }, areaStyle: { opacity: 0 } },
      selectedDataBackground: { lineStyle: { opacity: 0 }, areaStyle: { opacity: 0 } },
      moveHandleSize: 0,
      handleSize: '120%',
      handleStyle: { color: styleColour('--card'), borderColor: muted },
      emphasis: { handleStyle: { borderColor: muted } },
      textStyle: { color: line },
    },
  ];
}

/** Values can be any text that a client sent: the tooltip is made of elements, never of markup. */
function tooltip(chart: ShownChart, { names, drawn, format }: ChartSeries, points: unknown): HTMLElement {
  const shown: { seriesName?: string; dataIndex: number }[] = Array.isArray(points) ? points : [];
  const at = shown[0]?.dataIndex ?? 0;
  const visible = drawn.filter(({ name }) => shown.some(({ seriesName }) => seriesName === name));
  const rows = visible
    .map(({ name, colour, values }) => ({ name, colour, value: values[at] ?? null }))
    .filter(({ value }) => value !== null && (value !== 0 || visible.length <= 4));
  if (chart.kind !== 'grouped bars' && chart.by !== undefined) rows.sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const total = rows.reduce((sum, { value }) => sum + (value ?? 0), 0);
  const isSum = chart.kind === 'stacked bars' && chart.by === undefined;
  return h(
    'div',
    { class: 'tip-body' },
    h('div', { class: 'tip-title' }, names[at] ?? ''),
    ...rows.map(({ name, colour, value }) =>
      h(
        'div',
        { class: 'tip-row' },
        swatch(shade(colour)),
        h('span', { class: 'tip-name' }, name),
        h('b', {}, full(value, format)),
      ),
    ),
    isSum
      ? h(
          'div',
          { class: 'tip-row tip-sum' },
          h('span', { class: 'tip-name' }, 'Together'),
          h('b', {}, full(total, format)),
        )
      : undefined,
  );
}

/** A small square of a series' colour. */
export function swatch(colour: string): HTMLElement {
  const square = h('i', { class: 'swatch', 'aria-hidden': 'true' });
  square.style.background = colour;
  return square;
}
