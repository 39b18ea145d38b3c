import type { Chart, Dashboard } from '../../dashboards/chart.ts';
import type { ShownChart, ShownConsole, Start } from './answers.ts';
import type { Assets } from './bundle.ts';

/** The parts of a dashboard that pages draw from. */
export function shownConsole(
  dashboard: Dashboard,
  rejected: Chart,
  weekStart: ShownConsole['weekStart'],
): ShownConsole {
  return {
    title: dashboard.title,
    pages: dashboard.pages.map((page) => ({ ...page, charts: page.charts.map(shownChart) })),
    rejected: shownChart(rejected),
    weekStart,
  };
}

/** A chart as pages know it. */
export function shownChart({ table, built, ...chart }: Chart): ShownChart {
  return { ...chart, tableName: table.name };
}

/** The one document of the console; its script draws the page that the address names. */
export function consoleDocument(start: Start, assets: Assets): string {
  // Inside a script element nothing but `<` could end it early.
  const data = JSON.stringify(start).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Lethe</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M1 6q3.5-4 7 0t7 0M1 11q3.5-4 7 0t7 0' fill='none' stroke='%233f72af' stroke-width='2' stroke-linecap='round'/%3E%3C/svg%3E">
<link rel="stylesheet" href="${assets.style.path}">
<script type="application/json" id="console">${data}</script>
<script type="module" src="${assets.script.path}"></script>
</head>
<body>
<noscript>The console draws its charts with JavaScript. The same figures are in the gold tables: npx lethe query.</noscript>
</body>
</html>
`;
}
