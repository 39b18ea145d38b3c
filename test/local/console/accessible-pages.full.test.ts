import type { Browser, Page } from 'playwright-core';
import { chatDashboard } from '../../../dashboards/chat.ts';
import type { Console } from '../../../local/console/serve-console.ts';
import type { EmbeddedLake } from '../embedded-lake.ts';
import { axeViolations } from './axe-violations.ts';
import { launchBrowser } from './browser.ts';
import { openDemoLake } from './demo-lake.ts';
import { describeInBrowser } from './in-browser.ts';
import { serveLake } from './serve-demo.ts';

describeInBrowser('in a browser', (executable) => {
  let lake: EmbeddedLake;
  let served: Console;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    lake = await openDemoLake();
    served = await serveLake(lake);
    browser = await launchBrowser(executable);
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    await lake?.close();
  });

  test.each(chatDashboard.pages)(
    'the page $id can be used with a screen reader, by day and by night',
    async ({ id }) => {
      await page.goto(`${served.url}${id}`);
      await page.locator('.card').first().waitFor();
      await page.locator('[aria-busy]').first().waitFor({ state: 'detached' });
      expect(await axeViolations(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await axeViolations(page, ['color-contrast'])).toEqual([]);
      await page.emulateMedia({ colorScheme: 'light' });
    },
  );
});
