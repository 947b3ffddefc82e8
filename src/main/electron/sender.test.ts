import { expect, test } from 'vitest';
import { isTrustedSender } from './sender.ts';

const frame = { origin: 'app://dipper' };
const trusted = new Set([7]);

test('the main frame of our own window is trusted', () => {
  const event = { senderFrame: frame, sender: { id: 7, mainFrame: frame } };
  expect(isTrustedSender(event, trusted)).toBe(true);
});

test('a frame that is gone is not', () => {
  const event = { senderFrame: null, sender: { id: 7, mainFrame: null } };
  expect(isTrustedSender(event, trusted)).toBe(false);
});

test('an inner frame is not, whatever its origin', () => {
  const event = {
    senderFrame: { origin: 'app://dipper' },
    sender: { id: 7, mainFrame: frame },
  };
  expect(isTrustedSender(event, trusted)).toBe(false);
});

test('contents we did not make are not', () => {
  const event = { senderFrame: frame, sender: { id: 8, mainFrame: frame } };
  expect(isTrustedSender(event, trusted)).toBe(false);
});

for (const origin of [
  'https://evil.example',
  'app://evil',
  'app://dipper.evil',
  'file://',
  'null',
  '',
]) {
  test(`a page of ${origin || 'no origin'} is not`, () => {
    const other = { origin };
    const event = { senderFrame: other, sender: { id: 7, mainFrame: other } };
    expect(isTrustedSender(event, trusted)).toBe(false);
  });
}
