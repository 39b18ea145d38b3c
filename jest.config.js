/** Packages that come as ES modules alone, which jest takes as little as it takes TypeScript. */
const esModules = '(?:hyparquet|hyparquet-compressors|hysnappy|fzstd)/';
const swc = { target: 'es2024' };
const commonJs = { type: 'commonjs' };

/** The fast suite: offline, no AWS, no Java, no Python. What needs longer is named *.full.test.ts. */
export const base = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, ...swc }, module: commonJs }],
    [`node_modules/${esModules}.+\\.js$`]: [
      '@swc/jest',
      { jsc: { parser: { syntax: 'ecmascript' }, ...swc }, module: commonJs },
    ],
  },
  transformIgnorePatterns: [`node_modules/(?!${esModules})`],
  testTimeout: 30_000,
  reporters: ['default', '<rootDir>/test/closing-line.js'],
  // Most suites wait for an engine in their own process, so that all cores may be used.
  maxWorkers: '100%',
};

export default { ...base, testPathIgnorePatterns: ['\\.full\\.test\\.ts$', '\\.stack\\.test\\.ts$'] };
