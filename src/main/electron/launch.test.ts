import { expect, test } from 'vitest';
import { engineEnvironment } from './engine-environment.ts';
import { readLaunchOptions } from './launch-options.ts';
import { passwordStore } from './password-store.ts';
import { contentType, securityHeaders } from './response-headers.ts';

test('the engine sees paths, proxies and our own variables, nothing that changes Node', () => {
  expect(
    engineEnvironment({
      PATH: '/bin',
      HOME: '/home/a',
      HTTPS_PROXY: 'http://p',
      NODE_EXTRA_CA_CERTS: '/ca.pem',
      DIPPER_LOG: 'debug',
      NODE_OPTIONS: '--require /evil.js',
      NODE_PATH: '/evil',
      ELECTRON_RUN_AS_NODE: '1',
      ELECTRON_RENDERER_URL: 'http://localhost',
      AWS_SECRET_ACCESS_KEY: 's',
      AWS_PROFILE: 'work',
      LD_PRELOAD: '/evil.so',
      UNSET: undefined,
    }),
  ).toEqual({
    PATH: '/bin',
    HOME: '/home/a',
    HTTPS_PROXY: 'http://p',
    NODE_EXTRA_CA_CERTS: '/ca.pem',
    DIPPER_LOG: 'debug',
  });
});

function serverOf(url: string | undefined, packaged = false): string | null {
  return readLaunchOptions([], { ELECTRON_RENDERER_URL: url }, packaged)
    .developmentServer;
}

test('a development server is used unpackaged and on this computer only', () => {
  expect([
    serverOf('http://localhost:5173'),
    serverOf('http://127.0.0.1:5173/x'),
    serverOf('http://localhost:5173', true),
    serverOf('http://evil.example'),
    serverOf('http://localhost.evil.example'),
    serverOf('nonsense'),
    serverOf(undefined),
  ]).toEqual([
    'http://localhost:5173',
    'http://127.0.0.1:5173',
    null,
    null,
    null,
    null,
    null,
  ]);
});

test('the profile folder and the smoke test are read from where they are given', () => {
  expect(
    readLaunchOptions(['dipper', '--smoke-test'], { DIPPER_USER_DATA: '/tmp/a' }, true),
  ).toEqual({ userData: '/tmp/a', smokeTest: true, developmentServer: null });
  expect(readLaunchOptions([], { DIPPER_USER_DATA: '' }, true)).toMatchObject({
    userData: null,
    smokeTest: false,
  });
});

test('window managers without a desktop get the Secret Service', () => {
  expect([
    passwordStore('linux', 'sway'),
    passwordStore('linux', 'ubuntu:GNOME'),
    passwordStore('linux', 'i3:x'),
    passwordStore('linux', undefined),
    passwordStore('darwin', 'sway'),
  ]).toEqual(['gnome-libsecret', null, 'gnome-libsecret', null, null]);
});

test('a packaged window may load nothing but its own files', () => {
  const headers = securityHeaders({ development: false });
  const policy = headers['Content-Security-Policy'] ?? '';
  expect(policy).toMatch(/^default-src 'none'/);
  expect(policy).not.toMatch(/unsafe|\*|https?:|ws:/);
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(headers['X-Content-Type-Options']).toBe('nosniff');
});

test('a file of an unknown kind is never a document', () => {
  expect([
    contentType('/a/index.HTML'),
    contentType('/a/x.xhtml'),
    contentType('/a'),
  ]).toEqual([
    'text/html; charset=utf-8',
    'application/octet-stream',
    'application/octet-stream',
  ]);
});
