import { base } from './jest.config.js';

/** What takes minutes: killing at every state, a million records. `.ci/run` runs it too. */
export default { ...base, testMatch: ['**/*.full.test.ts'], testTimeout: 600_000 };
