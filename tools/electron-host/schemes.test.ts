import { describe, expect, it } from 'vitest';
import { SchemeRequest, Schemes } from './schemes.ts';

function appSchemes(): Schemes {
  const schemes = new Schemes();
  schemes.add('app');
  return schemes;
}

describe('Schemes', () => {
  it.each([
    ['app://bundle/index.html', 'https://bundle.app.invalid/index.html'],
    ['app://bundle/a?b=c#d', 'https://bundle.app.invalid/a?b=c#d'],
    ['https://example.com/x', 'https://example.com/x'],
    ['file:///tmp/x', 'file:///tmp/x'],
  ])('%s and its alias lead to each other', (url, alias) => {
    const schemes = appSchemes();
    expect([schemes.toAlias(url), schemes.fromAlias(alias)]).toEqual([alias, url]);
  });

  it('leaves hosts of unknown schemes alone', () => {
    const url = 'https://bundle.other.invalid/x';
    expect(appSchemes().fromAlias(url)).toBe(url);
  });

  it('reports origins as Electron does', () => {
    const schemes = appSchemes();
    const urls = ['app://bundle/x', 'https://example.com:81/x', 'data:text/plain,x', ''];
    expect(urls.map((url) => schemes.originOf(url))).toEqual([
      'app://bundle',
      'https://example.com:81',
      'null',
      'null',
    ]);
  });

  it('adds the alias to policies that name the scheme, and only to those', () => {
    expect(appSchemes().aliasPolicy("img-src 'self' data: app:; connect-src app:")).toBe(
      "img-src 'self' data: app: https://*.app.invalid; connect-src app: https://*.app.invalid",
    );
  });

  it('takes one handler per scheme', () => {
    const schemes = appSchemes();
    schemes.handle('app', () => new Response());
    expect(() => schemes.handle('app', () => new Response())).toThrow(
      'Failed to register protocol: app',
    );
  });
});

describe('SchemeRequest', () => {
  it('is a Request whose address keeps its scheme', async () => {
    const request = new SchemeRequest('app://bundle/x', { method: 'POST', body: 'hi' });
    expect([request.url, request.method, await request.text()]).toEqual([
      'app://bundle/x',
      'POST',
      'hi',
    ]);
  });
});
