import { defineConfig } from 'vitest/config';

const tier = (name: string, include: string[], more: Record<string, unknown> = {}) => ({
  test: { name, include, environment: 'node', ...more },
});

export default defineConfig({
  test: {
    projects: [
      tier('unit', ['tests/unit/**/*.test.ts', 'tests/unit/**/*.test.tsx'], {
        testTimeout: 20_000,
      }),
      tier('properties', ['tests/properties/**/*.test.ts'], { testTimeout: 60_000 }),
      tier('conformance', ['tests/conformance/**/*.test.ts']),
      tier('integration', ['tests/interop/**/*.test.ts', 'tests/faults/**/*.test.ts'], {
        testTimeout: 60_000,
        hookTimeout: 60_000,
        fileParallelism: false,
      }),
    ],
  },
});
