import { expect } from 'vitest';
import { page } from 'vitest/browser';
import type { CorsRule, Reading } from '../../../../shared/domain/aspects.ts';
import { AppError } from '../../../../shared/errors/error.ts';
import { DialogHost } from '../../../app/dialog-host.tsx';
import type { FakeAnswers } from '../../../testing/fake-bridge.ts';
import { CONNECTION, renderInWindow } from '../../../testing/window-fixture.tsx';

/** The bucket whose rules are edited. */
export const PLACE = { connectionId: CONNECTION.connectionId, bucket: 'shop', key: null };
/** Any page may read. */
export const READ: CorsRule = {
  id: '',
  origins: ['*'],
  methods: ['GET', 'HEAD'],
  headers: ['*'],
  exposed: [],
  maxAge: 3_000,
};
/** A server that keeps rules. */
export function corsServer(first: CorsRule[]) {
  let value = first;
  let revision = 1;
  const reading = (): Reading => ({
    kind: 'read',
    aspect: { aspect: 'cors', value },
    revision: String(revision),
    locked: null,
  });
  return {
    now: () => value,
    answers: {
      'aspects.read': reading,
      'aspects.earlier': () => [],
      'aspects.write': ({ change }) => {
        if (change.aspect !== 'cors') throw new AppError('internal');
        ({ value } = change);
        revision += 1;
        return reading();
      },
    } satisfies FakeAnswers,
  };
}

/** Opens the sheet in a window whose engine answers so. */
export async function openCors(answers: FakeAnswers) {
  const opened = await renderInWindow(<DialogHost />, answers);
  opened.services.dialogs.open({ kind: 'aspect', aspect: 'cors', place: PLACE });
  await expect.element(sheet().getByRole('radio', { name: 'Form' })).toBeVisible();
  return opened;
}

/** The sheet. */
export const sheet = () => page.getByRole('dialog', { name: 'CORS Rules' });
/** A button of it, by its whole name. */
export const button = (name: string) =>
  sheet().getByRole('button', { name, exact: true });
/** The switch to one of its views. */
export const view = (name: string) => sheet().getByRole('radio', { name, exact: true });

/** Goes on to the review and saves. */
export async function save(): Promise<void> {
  await button('Review Changes…').click();
  await button('Save').click();
}
