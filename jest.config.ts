/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

const shared = {
  rootDir: '.',
  testEnvironment: 'node',
  transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } }] },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  // Each use of a global is a look-up through the sandbox; the models' arithmetic is made of these.
  sandboxInjectedGlobals: ['Math', 'Number'],
} satisfies Config;

/** `unit` needs nothing; `integration` gets embedded PostgreSQL, Kafka and Redis, started once for the whole run. */
const config: Config = {
  maxWorkers: 1,
  testTimeout: 30_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['<rootDir>/test/integration/', '<rootDir>/test/browser/'],
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/integration/**/*.test.ts', '<rootDir>/test/browser/**/*.test.ts'],
      globalSetup: '<rootDir>/test/support/start-services.ts',
      globalTeardown: '<rootDir>/test/support/stop-services.ts',
    },
  ],
};

export default config;
