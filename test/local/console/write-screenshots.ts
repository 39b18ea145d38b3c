import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { chatPipeline } from '../../../core/chat/pipeline.ts';
import { defaultSettings } from '../../../core/settings.ts';
import { chatDashboard } from '../../../dashboards/chat.ts';
import { synthesizeWorkflows } from '../../../lib/synthesize-workflows.ts';
import { openSession } from '../../../local/session.ts';
import { chromiumPath, launchBrowser } from './browser.ts';
import { serveLake } from './serve-demo.ts';

// Writes the pictures of docs/images from a home that "lethe demo" has filled, and with --superset those of a Superset
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

async function shootSuperset(browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  await page.goto(`${url}/login/`);
  await page.fill('#username', process.env.LETHE_SUPERSET_USERNAME ?? 'admin');
  await page.fill('#password', process.env.LETHE_SUPERSET_PASSWORD ?? '');
  await page.keyboard.press('Enter');
  await page.waitForURL((address) => !address.pathname.startsWith('/login'));
  await page.goto(`${url}/superset/dashboard/lethe-${chatDashboard.id}/`);
  for (const { id, title } of chatDashboard.pages) {
    await page.getByRole('tab', { name: title }).first().click();
    await page.locator('.loading').first().waitFor({ state: 'detached', timeout: 60_000 });
    // Superset draws for a moment after it has loaded.
    await page.waitForTimeout(4_000);
    if (id === 'overview' || id === 'distributions') await shoot(page, `superset-${id}`);
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
  await shootConsole(browser, served.url);
  if (values.superset !== undefined) await shootSuperset(browser, values.superset);
} finally {
  await browser.close();
  await served.close();
  await session.close();
}
