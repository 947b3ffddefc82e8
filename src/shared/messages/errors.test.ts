import { describe, expect, test } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '../errors/codes.ts';
import { errorText } from './errors.en.ts';

const codes = Object.keys(ERROR_CODES) as ErrorCode[];

describe('error texts', () => {
  test.each(codes)('%s says what happened, why, and what to do, in sentences', (code) => {
    const { title, explanation, action } = errorText({ code, params: {} });
    expect(title).toMatch(/^[A-Z][^.]+$/);
    expect(explanation).toMatch(/^[A-Z“][\s\S]+\.$/);
    expect(action).toMatch(/^[A-Z“][\s\S]+\.$/);
    expect(`${title}${explanation}${action}`).not.toMatch(/undefined|null|\[object|NaN/);
  });

  test('names what the error is about', () => {
    expect(
      errorText({ code: 'bucket.not-found', params: { bucket: 'photos' } }).explanation,
    ).toBe('There is no “photos” on this server.');
  });

  test('an empty server message leaves no empty quotes behind', () => {
    expect(
      errorText({
        code: 'auth.signature',
        params: {},
        provider: {
          service: 'SignatureDoesNotMatch',
          httpStatus: 403,
          requestId: 'tx01',
          message: '',
        },
      }).details,
    ).toBe('SignatureDoesNotMatch · HTTP 403 · request tx01');
  });

  test('the server’s own message is quoted in the details', () => {
    expect(
      errorText({
        code: 'throttle.slow-down',
        params: {},
        provider: { service: 'SlowDown', message: 'Please reduce your request rate.' },
      }).details,
    ).toBe('SlowDown · “Please reduce your request rate.”');
  });

  test('tells by how much the clock is off', () => {
    expect(
      errorText({ code: 'provider.clock-skew', params: { seconds: -1_260 } }).explanation,
    ).toContain('by 21 minutes');
  });
});
