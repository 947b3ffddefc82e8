import { describe, expect, it } from 'vitest';
import { readHeaderNames, readMethod, readOrigin } from './question.ts';

describe('readOrigin', () => {
  it.each([
    ['https://app.example.com', 'https://app.example.com'],
    [' https://App.example.com:443/page?x#y ', 'https://app.example.com'],
    ['http://localhost:3000/', 'http://localhost:3000'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['capacitor://localhost', 'capacitor://localhost'],
    ['null', 'null'],
    ['file:///home/me/page.html', 'null'],
  ])('reads %j as %s', (text, value) => {
    expect(readOrigin(text)).toEqual({ ok: true, value });
  });

  it.each([
    ['', 'Enter the page’s origin, such as https://app.example.com.'],
    ['app.example.com/page', 'Begin with the scheme: https://app.example.com'],
    ['localhost:3000', 'Begin with the scheme: https://localhost:3000'],
    ['*', 'Enter the origin of one page, without a *.'],
    ['my page', 'An origin has a scheme and a host: https://app.example.com.'],
    ['https://a b', 'An origin has a scheme and a host: https://app.example.com.'],
    ['https://a:99999', '“a:99999” is no host. Check it for slips.'],
  ])('says of %j what to do', (text, message) => {
    expect(readOrigin(text)).toEqual({ ok: false, message });
  });
});

describe('readMethod', () => {
  it('reads methods S3 has for pages, and no other', () => {
    expect(readMethod(' put ')).toEqual({ ok: true, value: 'PUT' });
    expect(readMethod('PATCH')).toMatchObject({ ok: false });
  });
});

describe('readHeaderNames', () => {
  it('reads names with commas, on lines, and of whole headers, each one once', () => {
    expect(
      readHeaderNames('Content-Type: image/png\nx-amz-acl, X-Amz-Acl,\n\n content-md5 '),
    ).toEqual({ ok: true, value: ['content-type', 'x-amz-acl', 'content-md5'] });
    expect(readHeaderNames('')).toEqual({ ok: true, value: [] });
  });

  it('says what is no name, and where there are too many', () => {
    expect(readHeaderNames('content type')).toEqual({
      ok: false,
      message: '“content type” is no header’s name. Put commas between names.',
    });
    expect(readHeaderNames('x-*')).toMatchObject({ ok: false });
    const many = Array.from({ length: 101 }, (_each, index) => `x-${index}`).join();
    expect(readHeaderNames(many)).toMatchObject({ ok: false });
  });
});
