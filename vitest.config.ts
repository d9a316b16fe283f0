import { defineConfig } from 'vitest/config';

const tier = (name: string, include: string[], more: Record<string, unknown> = {}) => ({
  test: { name, include, environment: 'node', ...more },
});

/** What is judged by ear, and by peers that keep time: nothing else runs beside it. */
const SOUND = [
  'tests/interop/media-*.test.ts',
  'tests/interop/announcements.test.ts',
  'tests/interop/peers/**/*.test.ts',
];

/**
 * Real sockets, other programs and their time: one file after the other. In CI, on a machine that others share, each has a second try;
 * who needs it is named at the end, with the reason.
 */
const patient = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
  fileParallelism: false,
  retry: process.env['CI'] === 'true' ? 1 : 0,
};

export default defineConfig({
  test: {
    projects: [
      tier('unit', ['tests/unit/**/*.test.ts', 'tests/unit/**/*.test.tsx'], {
        testTimeout: 20_000,
      }),
      tier('properties', ['tests/properties/**/*.test.ts'], { testTimeout: 60_000 }),
      tier('conformance', ['tests/conformance/**/*.test.ts']),
      tier('integration', ['tests/interop/**/*.test.ts'], { ...patient, exclude: SOUND }),
      tier('sound', SOUND, patient),
      // Mostly waiting for the protocol's timers: they run beside the others.
      tier('faults', ['tests/faults/**/*.test.ts'], patient),
    ],
  },
});
