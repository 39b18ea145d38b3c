import { readFileSync } from 'node:fs';
import { ComplianceDesk } from '../../../local/console/compliance-desk.ts';
import { axeViolations } from './axe-violations.ts';
import { describeInBrowser } from './in-browser.ts';
import { type ComplianceVisit, canary, other, visitCompliance } from './visit-compliance.ts';

describeInBrowser('the compliance page', (executable) => {
  let visit: ComplianceVisit;
  beforeAll(async () => {
    visit = await visitCompliance(executable);
  }, 180_000);
  afterAll(() => visit?.close());
  afterEach(() => expect(visit.faults.splice(0)).toEqual([]));

  const later = async (at: string) => {
    const { lake, page } = visit;
    lake.at = new Date(at);
    await lake.session.run('dsr', { mode: 'scheduled' });
    await page.reload();
    await page.locator('#requests tbody tr').first().waitFor();
  };
  const currentStep = () => visit.page.locator('#requests [aria-current="step"]').first().textContent();

  test('shows each step of a request, and its evidence once it is verified', async () => {
    const { page } = visit;
    await new ComplianceDesk(visit.lake.session, visit.lake.home).submit(canary, 'gdpr');
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
    const { page } = visit;
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

  test('gives no identifier away in an address or an answer', () => {
    expect(visit.seen.length).toBeGreaterThan(20);
    expect(visit.seen.filter((text) => text.includes(canary) || text.includes(other))).toEqual([]);
  });
});
