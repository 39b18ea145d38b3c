import type { Page } from 'playwright-core';
import { openLake } from '../embedded-lake.ts';
import { launchBrowser } from './browser.ts';
import { serveLake } from './serve-demo.ts';

/** Somebody with two messages, and somebody with one. */
export const [canary, other] = ['canary-person-7f3a91', 'person-who-stays-22'];

const message = (chat: string, user: string) =>
  JSON.stringify({ chat_id: chat, user_id: user, room_id: 'room-1', timestamp: '2026-03-04T10:00:00Z' });

export type ComplianceVisit = Awaited<ReturnType<typeof visitCompliance>>;

/** Opens the compliance page of a lake with two people, a day after their messages. */
export async function visitCompliance(executable: string) {
  const launching = launchBrowser(executable);
  const lake = await openLake({ minimumUsersPerCell: 1 }, { at: new Date('2026-03-05T06:00:00Z') });
  await lake.ingest('chat', [message('c1', canary), message('c2', canary), message('c3', other)]);
  await lake.session.run('backfill', { from: '2026-03-04', to: '2026-03-04' });
  const served = await serveLake(lake);
  const browser = await launching;
  const page: Page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
  /** What the page complained of. */
  const faults: string[] = [];
  /** Addresses and answers of everything that it asked for. */
  const seen: string[] = [];
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
  const close = async () => {
    await browser.close();
    await served.close();
    await lake.close();
  };
  return { lake, served, page, faults, seen, close };
}
