import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import '../../styles/global.css';
import type { EarlierState, Reading, Tag } from '../../../shared/domain/aspects.ts';
import { AppError } from '../../../shared/errors/error.ts';
import { DialogHost } from '../../app/dialog-host.tsx';
import type { FakeAnswers } from '../../testing/fake-bridge.ts';
import { CONNECTION, renderInWindow } from '../../testing/window-fixture.tsx';

const PLACE = {
  connectionId: CONNECTION.connectionId,
  bucket: 'b',
  key: 'photos/cat.jpg',
} as const;

function tags(value: Tag[], revision: string): Reading {
  return { kind: 'read', aspect: { aspect: 'tags', value }, revision, locked: null };
}

/** A server that keeps tags and counts its revisions. */
function tagServer(first: Tag[]) {
  let value = first;
  let revision = 1;
  const earlier: EarlierState[] = [];
  return {
    change: (next: Tag[]) => {
      value = next;
      revision += 1;
    },
    now: () => value,
    answers: {
      'aspects.read': () => tags(value, String(revision)),
      'aspects.earlier': () => [...earlier],
      'aspects.write': ({ change, revision: over }) => {
        if (over !== String(revision)) throw new AppError('aspect.changed');
        if (change.aspect !== 'tags') throw new AppError('internal');
        earlier.unshift({
          id: revision,
          aspect: { aspect: 'tags', value },
          replacedAt: 1_700_000_000_000,
        });
        ({ value } = change);
        revision += 1;
        return tags(value, String(revision));
      },
    } satisfies FakeAnswers,
  };
}

async function open(answers: FakeAnswers) {
  await page.viewport(1_000, 700);
  const opened = await renderInWindow(<DialogHost />, answers);
  opened.services.dialogs.open({ kind: 'aspect', aspect: 'tags', place: PLACE });
  return opened;
}

const sheet = () => page.getByRole('dialog', { name: 'Tags' });
const button = (name: string) => sheet().getByRole('button', { name, exact: true });

test('what a save changes is shown first, then sent, and can be undone with one click', async () => {
  const server = tagServer([{ key: 'team', value: 'red' }]);
  const { fake, services } = await open(server.answers);
  await expect.element(button('Review Changes…')).toBeDisabled();
  await expect.element(sheet().getByLabelText('Name of tag 1')).toHaveFocus();
  await sheet().getByLabelText('Value of tag 1').fill('blue');
  await button('Add Tag').click();
  await userEvent.keyboard('cost');
  await button('Review Changes…').click();
  const changes = sheet().getByRole('list', { name: 'What will change' });
  await expect.element(changes).toMatchTextContent(/team: red.*team: blue.*cost/);
  expect(fake.payloads('aspects.write')).toEqual([]);
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => services.dialogs.store.getState().open).toBeNull();
  expect(fake.payloads('aspects.write')).toEqual([
    {
      ...PLACE,
      change: {
        aspect: 'tags',
        value: [
          { key: 'team', value: 'blue' },
          { key: 'cost', value: '' },
        ],
      },
      revision: '1',
    },
  ]);
  services.toasts.store.getState().items.at(-1)?.action?.onSelect();
  await expect.poll(server.now).toEqual([{ key: 'team', value: 'red' }]);
});

test('without any tags one types in a blank row at once', async () => {
  const server = tagServer([]);
  const { services } = await open(server.answers);
  await expect.element(sheet().getByLabelText('Name of tag 1')).toHaveFocus();
  await expect.element(sheet().getByText('0 of 10')).toBeVisible();
  await expect.element(button('Review Changes…')).toBeDisabled();
  await userEvent.keyboard('team{Tab}red');
  await expect.element(sheet().getByText('1 of 10')).toBeVisible();
  await userEvent.keyboard('{Enter}');
  await expect.element(button('Save')).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => services.dialogs.store.getState().open).toBeNull();
  expect(server.now()).toEqual([{ key: 'team', value: 'red' }]);
});

test('an earlier state comes back after a look at what that changes', async () => {
  const server = tagServer([{ key: 'a', value: '1' }]);
  const { services } = await open(server.answers);
  await sheet().getByLabelText('Value of tag 1').fill('2');
  await userEvent.keyboard('{Enter}{Enter}');
  await expect.poll(() => services.dialogs.store.getState().open).toBeNull();
  services.dialogs.open({ kind: 'aspect', aspect: 'tags', place: PLACE });
  await button('Earlier States').click();
  await page.getByRole('menuitem').click();
  await expect
    .element(sheet().getByRole('list', { name: 'What will change' }))
    .toMatchTextContent(/a: 2.*a: 1/);
  await button('Go Back to This').click();
  await expect.poll(server.now).toEqual([{ key: 'a', value: '1' }]);
});

test('what somebody else changed meanwhile is neither lost nor hidden', async () => {
  const server = tagServer([{ key: 'team', value: 'red' }]);
  await open(server.answers);
  await sheet().getByLabelText('Value of tag 1').fill('mine');
  server.change([{ key: 'team', value: 'theirs' }]);
  await button('Review Changes…').click();
  await button('Save').click();
  await expect.element(sheet().getByText(/^Changed by somebody else/)).toBeVisible();
  expect(server.now()).toEqual([{ key: 'team', value: 'theirs' }]);
  await button('Look at the Difference').click();
  await expect
    .element(sheet().getByRole('list', { name: 'What was changed meanwhile' }))
    .toMatchTextContent(/red.*theirs/);
  await expect
    .element(sheet().getByRole('list', { name: 'What saving yours would change' }))
    .toMatchTextContent(/theirs.*mine/);
  await button('Save Mine over It').click();
  await expect.poll(server.now).toEqual([{ key: 'team', value: 'mine' }]);
});

test('Reload shows the present state and drops what was typed', async () => {
  const server = tagServer([{ key: 'team', value: 'red' }]);
  await open(server.answers);
  await sheet().getByLabelText('Value of tag 1').fill('mine');
  server.change([{ key: 'team', value: 'theirs' }]);
  await userEvent.keyboard('{Enter}{Enter}');
  await button('Reload').click();
  await expect.element(sheet().getByLabelText('Value of tag 1')).toHaveValue('theirs');
  await expect.element(button('Review Changes…')).toBeDisabled();
});

test('a refusal stays in the sheet with what was typed', async () => {
  const server = tagServer([{ key: 'a', value: '1' }]);
  await open({
    ...server.answers,
    'aspects.write': () => {
      throw new AppError('access.denied', {
        params: { action: 's3:PutObjectTagging', resource: 'arn:aws:s3:::b/x' },
      });
    },
  });
  await sheet().getByLabelText('Value of tag 1').fill('2');
  await userEvent.keyboard('{Enter}{Enter}');
  const alert = sheet().getByRole('alert');
  await expect
    .element(alert)
    .toMatchTextContent(/s3:PutObjectTagging.*arn:aws:s3:::b\/x/);
  await button('Back').click();
  await expect.element(sheet().getByLabelText('Value of tag 1')).toHaveValue('2');
});

test('what cannot be read is explained, what cannot be changed is shown', async () => {
  const { services } = await open({
    'aspects.read': () => ({ kind: 'unavailable', why: { reason: 'unsupported' } }),
    'aspects.earlier': () => [],
  });
  await expect.element(sheet().getByText('This server has no tags')).toBeVisible();
  await button('Close').click();
  expect(services.dialogs.store.getState().open).toBeNull();
});

test('a locked state can be looked at, with the reason', async () => {
  const why = { reason: 'denied', action: 's3:PutObjectTagging', resource: 'r' } as const;
  await open({
    'aspects.read': () => ({ ...tags([{ key: 'a', value: '1' }], '1'), locked: why }),
    'aspects.earlier': () => [],
  });
  await expect
    .element(sheet().getByText(/They lack s3:PutObjectTagging on r/))
    .toBeVisible();
  await expect
    .element(sheet().getByLabelText('Name of tag 1'))
    .toHaveAttribute('readonly');
  await expect.element(button('Add Tag')).not.toBeInTheDocument();
});

test('where there are no tags and none may be set, that is said', async () => {
  const why = { reason: 'denied', action: 's3:PutObjectTagging', resource: 'r' } as const;
  await open({
    'aspects.read': () => ({ ...tags([], '1'), locked: why }),
    'aspects.earlier': () => [],
  });
  await expect.element(sheet().getByText(/^No tags\./)).toBeVisible();
  await expect.element(sheet().getByLabelText('Name of tag 1')).not.toBeInTheDocument();
});

test('Escape asks before what was typed is thrown away', async () => {
  const server = tagServer([{ key: 'a', value: '1' }]);
  const { services } = await open(server.answers);
  await sheet().getByLabelText('Value of tag 1').fill('2');
  await userEvent.keyboard('{Escape}');
  await page.getByRole('button', { name: 'Keep Editing' }).click();
  await expect.element(sheet().getByLabelText('Value of tag 1')).toHaveValue('2');
  await button('Revert').click();
  await expect.element(sheet().getByLabelText('Value of tag 1')).toHaveValue('1');
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => services.dialogs.store.getState().open).toBeNull();
});

test('a double click and a held Enter never save what was not looked at', async () => {
  const server = tagServer([{ key: 'a', value: '1' }]);
  const { fake } = await open(server.answers);
  const value = sheet().getByLabelText('Value of tag 1');
  await value.fill('2');
  await button('Review Changes…').dblClick();
  await expect.element(button('Save')).toBeVisible();
  await button('Back').click();
  await value.fill('3');
  await userEvent.keyboard('{Enter>5/}');
  await expect.element(button('Save')).toHaveFocus();
  expect(fake.payloads('aspects.write')).toEqual([]);
});
