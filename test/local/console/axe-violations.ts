import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong with a page as it is drawn now: rules, each with its first element. */
export async function axeViolations(
  page: Page,
  rules: readonly string[] = ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice'],
): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate<string[]>(`(async () => {
    const runOnly = ${JSON.stringify(rules)};
    const { violations } = await axe.run(document, { runOnly, resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => id + ': ' + nodes[0].html.slice(0, 200));
  })()`);
}
