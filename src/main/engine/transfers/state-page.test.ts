import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { renderTransferStates } from '../../../shared/domain/transfer-state.ts';

const page = path.join(import.meta.dirname, '../../../../docs/transfer-states.md');

test('docs/transfer-states.md shows the machine as it is', () => {
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(page, renderTransferStates());
  expect(readFileSync(page, 'utf8')).toBe(renderTransferStates());
});
