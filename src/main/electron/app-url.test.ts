import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isAppUrl, resolveAppFile } from './app-url.ts';

const root = resolve('/opt/dipper/out/renderer');

describe('addresses that name a file', () => {
  for (const [url, file] of [
    ['app://dipper/', 'index.html'],
    ['app://dipper/index.html', 'index.html'],
    ['app://dipper/assets/index-a1.js', 'assets/index-a1.js'],
    ['app://dipper/assets/a%20b.png?v=1#x', 'assets/a b.png'],
    ['app://dipper//assets///a.js', 'assets/a.js'],
    ['app://dipper/a..b.js', 'a..b.js'],
    ['app://dipper/..index.js', null],
    ['app://dipper/%252e%252e%252fx', '%2e%2e%2fx'],
  ] as const) {
    test(`file: ${url}`, () => {
      expect(resolveAppFile(root, url)).toBe(file === null ? null : join(root, file));
    });
  }
});

describe('addresses that name none', () => {
  for (const url of [
    'app://dipper/..%2f..%2fmain/index.js',
    'app://dipper/..%2F',
    'app://dipper/%2e%2e%2f%2e%2e%2fpackage.json',
    'app://dipper/assets/..%2f..%2f..%2fetc/passwd',
    'app://dipper/a%00.html',
    'app://dipper/..\\..\\main\\index.js',
    'app://dipper/..%5c..%5cmain',
    'app://dipper/%',
    'app://dipper/%E0%A4%A',
    'app://other/index.html',
    'app://dipper.evil/index.html',
    'app://dipper:80/index.html',
    'https://dipper/index.html',
    'file:///etc/passwd',
    'nonsense',
    '',
  ]) {
    test(`none: ${url}`, () => {
      expect(resolveAppFile(root, url)).toBeNull();
    });
  }
});

test('a plain .. is folded by the address parser and stays inside', () => {
  expect(resolveAppFile(root, 'app://dipper/../../index.html')).toBe(
    join(root, 'index.html'),
  );
});

test('only our own scheme and host are the app', () => {
  const urls = [
    'app://dipper/x',
    'app://dipper@evil/x',
    'app://evil/dipper',
    'https://dipper/',
    'data:text/html,x',
    'javascript:1',
    'about:blank',
  ];
  expect(urls.map(isAppUrl)).toEqual([true, false, false, false, false, false, false]);
});
