import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian, Ubuntu, Fedora and macOS put a Chromium. */
const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The machine's Chromium; LETHE_CHROMIUM names another one. Undefined where there is none. */
export function chromiumPath(): string | undefined {
  const named = process.env.LETHE_CHROMIUM;
  return named ?? places.find((place) => existsSync(place));
}

export function launchBrowser(executablePath: string): Promise<Browser> {
  // Within containers root has no sandbox to go to.
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}
