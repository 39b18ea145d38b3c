import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { chatDashboard } from '../../../dashboards/chat.ts';
import type { Console } from '../../../local/console/serve-console.ts';
import type { EmbeddedLake } from '../embedded-lake.ts';
import { axeViolations } from './axe-violations.ts';
import { launchBrowser } from './browser.ts';
import { lastDay, openDemoLake } from './demo-lake.ts';
import { describeInBrowser } from './in-browser.ts';
import { serveLake } from './serve-demo.ts';

describeInBrowser('in a browser', (executable) => {
  let lake: EmbeddedLake;
  let served: Console;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  /** What pages complained of, and requests that left the host. */
  const faults: string[] = [];

  beforeAll(async () => {
    const launching = launchBrowser(executable);
    lake = await openDemoLake();
    served = await serveLake(lake);
    browser = await launching;
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
    page = await context.newPage();
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) faults.push(message.text());
    });
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('request', (request) => {
      const { hostname, protocol } = new URL(request.url());
      if (protocol.startsWith('http') && hostname !== '127.0.0.1') faults.push(`request to ${hostname}`);
    });
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    await lake?.close();
  });
  afterEach(() => expect(faults.splice(0)).toEqual([]));

  /** Opens an address and waits until nothing is loading. */
  async function open(path: string): Promise<void> {
    await page.goto(`${served.url}${path}`);
    await settled();
  }

  async function settled(): Promise<void> {
    await page.locator('.card').first().waitFor();
    await page.locator('[aria-busy]').first().waitFor({ state: 'detached' });
    // A card whose neighbour has grown is drawn again in the next frame.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  }

  /** The shapes that a chart's values have, as one text that changes with them. */
  const marksOf = async (id: string): Promise<string> => {
    const shapes = page.locator(`#${id} .plot svg path, #${id} tbody tr, #${id} .spark polyline`);
    const texts = await shapes.evaluateAll((elements) =>
      elements.map((shape) => shape.getAttribute('d') ?? shape.getAttribute('points') ?? shape.textContent ?? ''),
    );
    return texts.join('|');
  };

  const violations = (rules?: readonly string[]) => axeViolations(page, rules);

  /** Changes the address as the page's own links do. */
  async function go(path: string): Promise<void> {
    await page.evaluate(`history.pushState(null, '', '/${path}'); dispatchEvent(new PopStateEvent('popstate'))`);
    await settled();
  }

  describe.each(chatDashboard.pages)('the page $id', ({ id, title, charts }) => {
    test('draws every chart, and every filter changes those that listen to it', async () => {
      await open(id);
      expect(await page.title()).toContain(title);
      const before = new Map<string, string>();
      for (const chart of charts) before.set(chart.id, await marksOf(chart.id));
      expect([...before].filter(([, marks]) => marks.length < 10)).toEqual([]);
      const expectChange = async (path: string, listens: (chart: (typeof charts)[number]) => boolean) => {
        // A page has no control for a filter that nothing on it listens to.
        if (!charts.some(listens)) return;
        await go(`${id}${path}`);
        for (const chart of charts) {
          const isSame = (await marksOf(chart.id)) === before.get(chart.id);
          expect(`${chart.id} ${path} ${isSame}`).toBe(`${chart.id} ${path} ${!listens(chart)}`);
        }
      };
      await expectChange('?grain=WEEKLY', ({ grain }) => grain === 'chosen');
      await expectChange('?last=11', ({ grain }) => grain === 'chosen');
      await expectChange('?platform=ios', ({ platforms }) => platforms === 'one');
      await expectChange('?compare=web', ({ platforms }) => platforms === 'compared');
    });
  });

  test('controls write the address, and going back undoes them', async () => {
    await open('totals');
    await page.getByRole('radio', { name: 'Weekly' }).check();
    await page.getByLabel('Platform of bars and figures').selectOption('web');
    await page.getByRole('checkbox', { name: 'api' }).uncheck();
    await settled();
    const { search } = new URL(page.url());
    expect(search).toContain('grain=WEEKLY&platform=web&compare=All');
    expect(search).not.toContain('compare=api');
    await page.goBack();
    await page.goBack();
    expect(new URL(page.url()).search).toBe('?grain=WEEKLY');
    expect(await page.getByLabel('Platform of bars and figures').inputValue()).toBe('All');
    await page.getByRole('link', { name: 'Averages' }).click();
    expect(new URL(page.url()).pathname).toBe('/averages');
    expect(new URL(page.url()).search).toBe('?grain=WEEKLY');
  });

  test('a legend entry hides its series, and arrow keys read values', async () => {
    await open('totals');
    const before = await marksOf('messages');
    await page.locator('#messages .legend button', { hasText: 'web' }).click();
    await page.waitForTimeout(300);
    expect(await marksOf('messages')).not.toBe(before);
    await page.locator('#messages .plot').focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#messages .spoken').textContent()).toMatch(/^\d+ \w+ \d{4}: All [\d,]+/);
  });

  test('a chart is a table too, and comes as CSV and PNG', async () => {
    await open('totals');
    const card = page.locator('#messages');
    const download = async (name: string) => {
      const [file] = await Promise.all([page.waitForEvent('download'), card.getByRole('button', { name }).click()]);
      return { name: file.suggestedFilename(), content: readFileSync(await file.path()) };
    };
    const png = await download('PNG');
    expect(png.name).toBe('messages.png');
    expect(png.content.subarray(1, 4).toString()).toBe('PNG');
    expect(png.content.length).toBeGreaterThan(5_000);
    const csv = await download('CSV');
    expect(csv.content.toString()).toMatch(/^\ufeffDay,All,[\w,]+\r\n/);
    await card.getByRole('button', { name: 'show as table' }).click();
    const cells = await card.locator('tbody tr').last().locator('th, td').allTextContents();
    const [day, ...values] = csv.content.toString().trimEnd().split('\r\n').at(-1)?.split(',') ?? [];
    expect(day).toBe(lastDay);
    expect(values.map(Number)).toEqual(cells.slice(1).map((cell) => Number(cell.replaceAll(',', ''))));
  });

  test('says so when there is nothing, and when there is no answer', async () => {
    await open('totals?from=2001-01-01&to=2001-02-01');
    expect(await page.locator('#messages .state').textContent()).toBe('No rows for these filters.');
    await page.route('**/api/charts/messages?*', (route) => route.abort());
    await page.goto(`${served.url}totals`);
    await page.locator('#messages .error').waitFor();
    expect(await page.locator('#messages .error').textContent()).toContain('does not answer');
    await page.unroute('**/api/charts/messages?*');
    await page.locator('#messages').getByRole('button', { name: 'Try again' }).click();
    await page.locator('#messages .plot svg').waitFor();
    // The browser itself tells of the request that was cut off.
    faults.splice(0);
  });

  test('the operations page draws every workflow, its runs and the rejected records', async () => {
    await open('operations');
    for (const workflow of lake.session.workflows) {
      expect(await page.locator(`#workflow-${workflow} .node`).count()).toBeGreaterThan(2);
    }
    expect(await page.locator('#workflow-gold-daily .node.done').count()).toBeGreaterThan(4);
    expect(await page.locator('#runs tbody tr').count()).toBeGreaterThan(3);
    expect(await page.locator('#rejected-records tbody tr').count()).toBeGreaterThan(0);
    expect(await violations()).toEqual([]);
  });

  test('a run that ends elsewhere shows without reloading', async () => {
    await open('operations');
    const named = page.locator('#runs tbody tr', { hasText: 'named' });
    expect(await named.count()).toBe(0);
    await lake.session.run('gold-daily', { mode: 'named', window: { grain: 'day', from: lastDay, to: '2026-03-16' } });
    await named.waitFor();
  });

  test('on a phone nothing is wider than the page', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await open('overview');
    for (const id of [...chatDashboard.pages.map((one) => one.id), 'operations']) {
      await go(id);
      const excess = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      expect(`${id} ${excess}`).toBe(`${id} 0`);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  });
});
