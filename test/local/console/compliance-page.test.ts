import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import type { Console } from '../../../local/console/serve-console.ts';
import { type EmbeddedLake, openLake } from '../embedded-lake.ts';
import { axeViolations } from './axe-violations.ts';
import { chromiumPath, launchBrowser } from './browser.ts';
import { serveLake } from './serve-demo.ts';

const executable = chromiumPath();
const [canary, other] = ['canary-person-7f3a91', 'person-who-stays-22'];

const message = (chat: string, user: string) =>
  JSON.stringify({ chat_id: chat, user_id: user, room_id: 'room-1', timestamp: '2026-03-04T10:00:00Z' });

// Where no browser starts, the test of the other pages says so.
(executable === undefined ? describe.skip : describe)('the compliance page', () => {
  let lake: EmbeddedLake;
  let served: Console;
  let browser: Browser;
  let page: Page;
  /** Addresses and answers of everything that the page asked for, and what it complained of. */
  const seen: string[] = [];
  const faults: string[] = [];

  beforeAll(async () => {
    const launching = launchBrowser(executable ?? '');
    lake = await openLake({ minimumUsersPerCell: 1 }, { at: new Date('2026-03-05T06:00:00Z') });
    await lake.ingest('chat', [message('c1', canary), message('c2', canary), message('c3', other)]);
    await lake.session.run('backfill', { from: '2026-03-04', to: '2026-03-04' });
    served = await serveLake(lake);
    browser = await launching;
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
    page.on('console', (told) => {
      if (['error', 'warning'].includes(told.type())) faults.push(told.text());
    });
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('response', async (response) => {
      const { pathname } = new URL(response.url());
      seen.push(response.url(), pathname === '/api/events' ? '' : await response.text().catch(() => ''));
    });
    await page.goto(`${served.url}compliance`);
    await page.locator('#requests').waitFor();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await served?.close();
    await lake?.close();
  });
  afterEach(() => expect(faults.splice(0)).toEqual([]));

  const later = async (at: string) => {
    lake.at = new Date(at);
    await lake.session.run('dsr', { mode: 'scheduled' });
    await page.reload();
    await page.locator('#requests tbody tr').first().waitFor();
  };
  const currentStep = () => page.locator('#requests [aria-current="step"]').first().textContent();

  test('counts what would go, and submits nothing by it', async () => {
    await page.locator('#submit-identity').fill(canary);
    await page.getByRole('button', { name: 'Count what would go' }).click();
    const rows = page.locator('#submit-request tbody tr');
    await rows.first().waitFor();
    expect(await rows.allTextContents()).toEqual(expect.arrayContaining(['bronze_chat_events21', 'silver_messages21']));
    expect(await page.locator('#requests').textContent()).toContain('Nobody has asked');
    expect(await axeViolations(page)).toEqual([]);
  });

  test('submits by keyboard alone, once the identifier was typed a second time', async () => {
    await page.locator('#submit-identity').focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Forget this person?' });
    await dialog.waitFor();
    expect(await axeViolations(page)).toEqual([]);
    const submit = dialog.getByRole('button', { name: 'Submit the request' });
    await page.keyboard.type(other);
    expect(await submit.isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await lake.session.erasures.store.requests()).toEqual([]);
    await page.keyboard.press('Enter');
    await dialog.waitFor();
    await page.keyboard.type(canary);
    await page.keyboard.press('Enter');
    await page.locator('#requests tbody tr').waitFor();
    expect(await page.locator('#submit-identity').inputValue()).toBe('');
    expect(await page.locator('#requests tbody').textContent()).toContain('5 Apr 2026, in 31 days');
    expect(await currentStep()).toBe('Submitted (done)');
    expect(await page.evaluate('location.href')).toBe(`${served.url}compliance`);
  });

  test('shows each step of a request, and its evidence once it is verified', async () => {
    await later('2026-03-06T06:00:00Z');
    expect(await currentStep()).toBe('Deleted (done)');
    expect(await page.locator('#requests tbody').textContent()).toContain('next step not before 2026-03-07 07:00 UTC');
    await later('2026-03-08T06:00:00Z');
    expect(await currentStep()).toBe('Proven gone (done)');
    await later('2026-03-21T06:00:00Z');
    await later('2026-03-23T06:00:00Z');
    expect(await currentStep()).toBe('Completed (done)');
    expect(await page.locator('#requests tbody').textContent()).toContain('5 Apr 2026, in time');
    const evidence = page.locator('[id^="evidence-"].card');
    expect(await evidence.textContent()).toContain('the facts show a complete erasure');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      evidence.getByRole('link', { name: 'download the evidence' }).click(),
    ]);
    const kept = JSON.parse(readFileSync(await file.path(), 'utf8'));
    expect(kept.evidence.subjects).toBe(1);
    expect(await axeViolations(page)).toEqual([]);
  });

  test('says who is gone, and who is not', async () => {
    const look = async (who: string) => {
      await page.locator('#absence-identity').fill(who);
      await page.getByRole('button', { name: 'Look for them' }).click();
      await page.locator('#prove-absence .checks').waitFor();
      await page.locator('#prove-absence [aria-busy]').waitFor({ state: 'detached' });
      return page.locator('#prove-absence .told').textContent();
    };
    expect(await look(canary)).toMatch(/^Erased, and nothing of this person is here\..*0 rows of the person/);
    expect(await look(other)).toMatch(/^This person is not gone\..*[1-9] rows of the person/);
  });

  test('a withdrawn request is not carried out', async () => {
    const request = await page.evaluate<{ request: string }>(
      `fetch('/api/compliance/requests', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ identity: '${other}', again: '${other}', regulation: 'ccpa' }) }).then((answer) => answer.json())`,
    );
    await page.reload();
    await page.getByRole('button', { name: `Withdraw request ${request.request}` }).click();
    await page.locator('#requests tbody tr', { hasText: 'Withdrawn' }).waitFor();
    expect((await lake.session.erasures.store.request(request.request))?.status).toBe('cancelled');
  });

  test('no address and no answer held an identifier', () => {
    expect(seen.length).toBeGreaterThan(20);
    expect(seen.filter((text) => text.includes(canary) || text.includes(other))).toEqual([]);
  });

  test('on a phone nothing is wider than the page', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBe(0);
  });
});
