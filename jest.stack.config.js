import { base } from './jest.config.js';

/**
 * What needs the real engines: Java, Python, Maven and a few minutes. All files share one stack, so they run one after the other.
 * What takes minutes and few changes concern is named *.full.stack.test.ts; `npm run test:stack:short` leaves it out.
 */
export default {
  ...base,
  testMatch: ['**/*.stack.test.ts'],
  testTimeout: 180_000,
  maxWorkers: 1,
  globalSetup: '<rootDir>/test/stack/start-stack.ts',
  globalTeardown: '<rootDir>/test/stack/end-stack.ts',
};
