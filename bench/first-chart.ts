import { parseArgs } from 'node:util';
import type { Browser, BrowserContext } from 'playwright-core';
import { chatDashboard } from '../dashboards/chat.ts';
import { chromiumPath, launchBrowser } from '../test/local/console/browser.ts';
import { median, seconds, times } from './figures.ts';
import { wholeNumber } from './whole-number.ts';

// How long a reader of a running console waits for the first chart and for the last one, per page, as ratios to the bare document:
// npm run bench:charts -- --url http://127.0.0.1:4080/ [--rounds 7]

const { values } = parseArgs({
  options: { url: { type: 'string', default: 'http://127.0.0.1:4080/' }, rounds: { type: 'string', default: '7' } },
});

interface Wait {
  readonly first: number;
  readonly last: number;
}

const viewport = { width: 1440, height: 900 };
/** A value's shape, or a table's row: a frame without them is no chart. */
const drawn = '.card .plot svg path, .card tbody tr, .card .spark polyline';

/** Seconds until the document alone is there: what the browser and the server take before any of our script runs. */
async function bare(browser: Browser): Promise<number> {
  return within(browser, { javaScriptEnabled: false }, async (context) => {
    const page = await context.newPage();
    const began = performance.now();
    await page.goto(values.url);
    return (performance.now() - began) / 1000;
  });
}

/** Seconds until a page's charts are drawn, in a browser that has never been there. */
async function visit(browser: Browser, id: string): Promise<Wait> {
  return within(browser, {}, async (context) => {
    const page = await context.newPage();
    const began = performance.now();
    const since = () => (performance.now() - began) / 1000;
    await page.goto(`${values.url}${id}`, { waitUntil: 'commit' });
    await page.locator(drawn).first().waitFor({ state: 'attached' });
    const first = since();
    await page.locator('[aria-busy]').first().waitFor({ state: 'detached' });
    return { first, last: since() };
  });
}

async function within<T>(
  browser: Browser,
  options: { javaScriptEnabled?: boolean },
  work: (context: BrowserContext) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ viewport, ...options });
  try {
    return await work(context);
  } finally {
    await context.close();
  }
}

const executable = chromiumPath();
if (executable === undefined) throw new Error('No Chromium was found: name one with LETHE_CHROMIUM.');
const rounds = wholeNumber('--rounds', values.rounds);
const browser = await launchBrowser(executable);
try {
  const documents: number[] = [];
  const visits = new Map<string, Wait[]>();
  for (let round = 0; round < rounds; round += 1) {
    documents.push(await bare(browser));
    for (const { id } of chatDashboard.pages) {
      visits.set(id, [...(visits.get(id) ?? []), await visit(browser, id)]);
    }
  }
  const document = median(documents);
  console.log(
    `| page | first chart | last chart | first chart / bare document (${seconds(document)}) | slowest first chart |`,
  );
  console.log('| --- | --- | --- | --- | --- |');
  for (const [id, waits] of visits) {
    const first = waits.map((wait) => wait.first);
    const cells = [
      id,
      seconds(median(first)),
      seconds(median(waits.map((wait) => wait.last))),
      times(median(first) / document),
      seconds(Math.max(...first)),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
} finally {
  await browser.close();
}
