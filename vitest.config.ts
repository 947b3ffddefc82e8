import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { findBrowserPath } from './tools/dev/browser.ts';

const executablePath = findBrowserPath();

/** For a machine whose two cores are busy with something else. A test waits for what it
 *  expects, so only a failure takes that long. */
const PATIENT = {
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 20_000 } },
};

export default defineConfig({
  test: {
    // Slow tests are listed one by one only from here on.
    slowTestThreshold: 10_000,
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: ['src/**/*.test.ts', 'tools/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: [
            'src/renderer/**/*.browser.test.ts',
            '**/*.integration.test.ts',
            '**/*.conformance.test.ts',
          ],
          ...PATIENT,
        },
      },
      {
        test: {
          name: 'integration',
          environment: 'node',
          include: ['src/**/*.integration.test.ts'],
          ...PATIENT,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'server',
          environment: 'node',
          include: ['tools/s3-server/**/*.conformance.test.ts'],
          ...PATIENT,
          fileParallelism: false,
        },
      },
      {
        plugins: [react()],
        // What was bundled for the code of yesterday would be found wanting in the middle of
        // a run, bundled anew and then there twice: hooks fail and frames never load. Only
        // of `npm test`, as another run at the same time would lose what it uses.
        optimizeDeps: { force: process.env['VITEST_REPORT'] !== undefined },
        test: {
          name: 'browser',
          include: ['src/renderer/**/*.test.tsx'],
          ...PATIENT,
          env: { VITEST_BROWSER_IFRAME_TIMEOUT: '180000' },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            connectTimeout: 180_000,
            provider: playwright({
              launchOptions: {
                timeout: 120_000,
                ...(executablePath ? { executablePath } : {}),
                args: [
                  '--no-sandbox',
                  '--disable-gpu',
                  '--disable-quic',
                  '--disable-background-networking',
                  '--disable-component-update',
                  '--disable-sync',
                  '--no-first-run',
                ],
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
