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

  const currentStep = () => visit.page.locator('#requests [aria-current="step"]').first().textContent();

  test('tells of malformed events though nobody has asked', async () => {
    const { lake, page } = visit;
    expect(await page.locator('#requests').textContent()).not.toContain('turned away');
    await lake.session.erasures.store.refuse('2026-03-05T06:00:00Z', 'no identifier');
    await page.reload();
    await page.locator('#requests').waitFor();
    const told = await page.locator('#requests').textContent();
    expect(told).toContain('Nobody has asked');
    expect(told).toContain('Malformed events turned away: 1.');
  });

  test('counts what would go, and submits nothing by it', async () => {
    const { page } = visit;
    await page.locator('#submit-identity').fill(canary);
    await page.getByRole('button', { name: 'Count what would go' }).click();
    const rows = page.locator('#submit-request tbody tr');
    await rows.first().waitFor();
    // Rows of the person, days, and rows of others on those days.
    expect(await rows.allTextContents()).toEqual([
      'bronze_chat_events211',
      'bronze_tool_calls000',
      'silver_messages211',
      'silver_tool_calls000',
    ]);
    expect(await page.locator('#submit-request').textContent()).toContain('made again for 1 day.');
    expect(await page.locator('#requests').textContent()).toContain('Nobody has asked');
    expect(await axeViolations(page)).toEqual([]);
  });

  test('submits by keyboard alone, once the identifier was typed a second time', async () => {
    const { lake, served, page } = visit;
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

  test('a withdrawn request is not carried out', async () => {
    const { lake, page } = visit;
    const request = await page.evaluate<{ request: string }>(
      `fetch('/api/compliance/requests', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ identity: '${other}', again: '${other}', regulation: 'ccpa' }) }).then((answer) => answer.json())`,
    );
    await page.reload();
    await page.getByRole('button', { name: `Withdraw request ${request.request}` }).click();
    await page.locator('#requests tbody tr', { hasText: 'Withdrawn' }).waitFor();
    expect((await lake.session.erasures.store.request(request.request))?.status).toBe('cancelled');
  });

  test('no address and no answer held an identifier', () => {
    const { seen } = visit;
    expect(seen.length).toBeGreaterThan(20);
    expect(seen.filter((text) => text.includes(canary) || text.includes(other))).toEqual([]);
  });

  test('on a phone nothing is wider than the page', async () => {
    const { page } = visit;
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBe(0);
  });
});
