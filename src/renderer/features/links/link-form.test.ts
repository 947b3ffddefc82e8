import { expect, test } from 'vitest';
import {
  type LinkForm,
  linkFaults,
  linkOptions,
  NEW_LINK,
  secondsOf,
} from './link-form.ts';

function form(changes: Partial<LinkForm>): LinkForm {
  return { ...NEW_LINK, ...changes };
}

test('a new link lives for an hour and leaves the object as it is', () => {
  expect(linkFaults(NEW_LINK)).toEqual({});
  expect(linkOptions(NEW_LINK)).toEqual({
    method: 'GET',
    expiresIn: 3_600,
    contentDisposition: '',
    contentType: '',
    versionId: null,
  });
});

test.each([
  [{ expiry: '0' }, /at least one second/],
  [{ expiry: '8', unit: 'days' }, /at most 7 days/],
  [{ expiry: 'soon' }, /Enter a number/],
] as const)('%j is told what to do', (changes, message) => {
  expect(linkFaults(form(changes)).expiry).toMatch(message);
  expect(secondsOf(form(changes))).toBeNull();
});

test('line breaks get into no header', () => {
  const faults = linkFaults(form({ contentType: 'text/plain\r\nX-Evil: 1' }));
  expect(faults.contentType).toMatch(/one line/);
  expect(linkFaults(form({ contentType: 'text/plain; charset=utf-8' }))).toEqual({});
});

test('downloads keep the name, uploads say nothing of how to open', () => {
  const save = linkOptions(form({ opening: 'save' }));
  expect(save).toMatchObject({ contentDisposition: '', underOwnName: true });
  expect(linkOptions(form({ opening: 'show' })).contentDisposition).toBe('inline');
  const put = linkOptions(form({ method: 'PUT', opening: 'save' }));
  expect(put).toMatchObject({ method: 'PUT', contentDisposition: '' });
  expect(put.underOwnName).toBeUndefined();
});
