import { chromiumPath } from './browser.ts';

const missing = 'No Chromium was found, so no page was opened: install chromium, or name one with LETHE_CHROMIUM.';

/**
 * Describes tests that open pages, given the path of the machine's Chromium. Where there is none, one test says so, and fails
 * if `CI` is set, so that a build never passes because nothing was looked at.
 */
export function describeInBrowser(title: string, tests: (executable: string) => void): void {
  const executable = chromiumPath();
  describe(title, () => {
    if (executable !== undefined) return tests(executable);
    test('has a browser to open pages in', () => {
      console.warn(missing);
      if (process.env.CI !== undefined) throw new Error(missing);
    });
  });
}
