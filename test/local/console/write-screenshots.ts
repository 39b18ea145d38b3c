import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { chatPipeline } from '../../../core/chat/pipeline.ts';
import { defaultSettings } from '../../../core/settings.ts';
import { chatDashboard } from '../../../dashboards/chat.ts';
import { synthesizeWorkflows } from '../../../lib/synthesize-workflows.ts';
import { ComplianceDesk } from '../../../local/console/compliance-desk.ts';
import { openSession } from '../../../local/session.ts';
import { openLake } from '../embedded-lake.ts';
import { chromiumPath, launchBrowser } from './browser.ts';
import { serveLake } from './serve-demo.ts';

// Writes the pictures of docs/images from a home that "lethe demo" has filled, or with --superset those of a Superset
// that the bundle was imported into: npm run screenshots -- --home .lethe [--superset http://localhost:8088]

const { values } = parseArgs({
  options: { home: { type: 'string', default: '.lethe' }, superset: { type: 'string' } },
});
const folder = join(import.meta.dirname, '..', '..', '..', 'docs', 'images');
/** Longer pages are cut off here: the rest looks the same. */
const mostHeight = 1_900;

async function shoot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, clip: await clipOf(page) });
  console.log(`docs/images/${name}.png`);
}

async function clipOf(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
  const width = page.viewportSize()?.width ?? 0;
  const height = await page.evaluate<number>('document.documentElement.scrollHeight');
  return { x: 0, y: 0, width, height: Math.min(height, width < 500 ? 2_000 : mostHeight) };
}

async function shootConsole(browser: Browser, url: string): Promise<void> {
  const open = async (path: string, width: number, colorScheme: 'light' | 'dark'): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' });
    await page.goto(`${url}${path}`);
    await page.locator('.card').first().waitFor();
    await page.locator('[aria-busy]').first().waitFor({ state: 'detached' });
    return page;
  };
  for (const id of [...chatDashboard.pages.map((page) => page.id), 'operations']) {
    await shoot(await open(id, 1440, 'light'), id);
  }
  await shoot(await open('totals?grain=WEEKLY', 1440, 'dark'), 'totals-dark');
  await shoot(await open('overview', 390, 'light'), 'overview-phone');
}

const line = (chat: string, user: string) =>
  JSON.stringify({ chat_id: chat, user_id: user, room_id: 'room-1', timestamp: '2026-03-04T10:00:00Z' });

/** The compliance page of a small lake of its own: a home's own requests are nobody's to show. */
async function shootCompliance(browser: Browser): Promise<void> {
  const lake = await openLake({}, { at: new Date('2026-03-05T06:00:00Z') });
  const served = await serveLake(lake);
  try {
    await lake.ingest('chat', [
      line('c1', 'person-4711'),
      line('c2', 'person-4711'),
      line('c3', 'person-4712'),
      line('c4', 'person-4714'),
    ]);
    await lake.session.run('backfill', { from: '2026-03-04', to: '2026-03-04' });
    const desk = new ComplianceDesk(lake.session, lake.home);
    const tick = async (at: string) => {
      lake.at = new Date(at);
      await lake.session.run('dsr', { mode: 'scheduled' });
    };
    await desk.submit('person-4711', 'gdpr');
    for (const at of ['2026-03-05T07:00:00Z', '2026-03-06T09:00:00Z', '2026-03-20T09:00:00Z', '2026-03-22T09:00:00Z'])
      await tick(at);
    await desk.submit('person-4712', 'ccpa');
    await tick('2026-03-23T09:00:00Z');
    await desk.submit('person-4713', 'gdpr');
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    await page.goto(`${served.url}compliance`);
    await page.fill('#submit-identity', 'person-4714');
    await page.getByRole('button', { name: 'Count what would go' }).click();
    await page.fill('#absence-identity', 'person-4711');
    await page.getByRole('button', { name: 'Look for them' }).click();
    await page.locator('#prove-absence .checks').waitFor();
    await page.locator('#submit-request tbody tr').first().waitFor();
    await shoot(page, 'compliance');
  } finally {
    await served.close();
    await lake.close();
  }
}

async function shootSuperset(browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1600, height: mostHeight } });
  await page.goto(`${url}/login/`);
  await page.fill('#username', process.env.LETHE_SUPERSET_USERNAME ?? 'admin');
  await page.fill('#password', process.env.LETHE_SUPERSET_PASSWORD ?? '');
  await page.keyboard.press('Enter');
  await page.waitForURL((address) => !address.pathname.startsWith('/login'));
  await page.goto(`${url}/superset/dashboard/lethe-${chatDashboard.id}/`);
  for (const { id, title, charts } of chatDashboard.pages) {
    await page.getByRole('tab', { name: title }).first().click();
    // It draws what comes into view, and takes its time.
    const inView = Math.min(charts.length, 3);
    const drawn = page
      .locator('[data-test="dashboard-component-chart-holder"]:visible')
      .filter({ has: page.locator('canvas, table tbody tr, .header-line') });
    await drawn.nth(inView - 1).waitFor({ timeout: 120_000 });
    await page.waitForTimeout(4_000);
    await shoot(page, `superset-${id}`);
  }
}

const executable = chromiumPath();
if (executable === undefined) throw new Error('No Chromium was found: name one with LETHE_CHROMIUM.');
mkdirSync(folder, { recursive: true });
const session = await openSession({
  home: values.home,
  settings: defaultSettings,
  pipelines: [chatPipeline],
  synthesize: async (declared) => synthesizeWorkflows(declared),
});
const served = await serveLake({ session, home: values.home });
const browser = await launchBrowser(executable);
try {
  if (values.superset !== undefined) await shootSuperset(browser, values.superset);
  else {
    await shootConsole(browser, served.url);
    await shootCompliance(browser);
  }
} finally {
  await browser.close();
  await served.close();
  await session.close();
}
