const shared = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' }
    ]
  },
  modulePathIgnorePatterns: ['<rootDir>/lib/', '<rootDir>/dist/']
}

const slow = ['<rootDir>/__tests__/e2e/', '<rootDir>/__tests__/lanes/']

export default {
  testTimeout: 20_000,
  // By default one core is left free, which of two is half.
  maxWorkers: '100%',
  reporters: ['default', '<rootDir>/scripts/tally-reporter.mjs'],
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', ...slow]
    },
    {
      ...shared,
      displayName: 'e2e',
      testMatch: slow.map((folder) => `${folder}**/*.test.ts`),
      runner: '<rootDir>/scripts/serial-runner.mjs',
      setupFilesAfterEnv: ['<rootDir>/scripts/slow-tests.mjs'],
      slowTestThreshold: 120
    }
  ]
}
