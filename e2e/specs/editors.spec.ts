import { join } from 'node:path';
import {
  DeleteObjectCommand,
  GetObjectAclCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutBucketCorsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { dropFiles } from '../fixtures/desktop.ts';
import { writeTree } from '../fixtures/files.ts';
import {
  anonymous,
  connect,
  press,
  save,
  sheetOf,
  strangers,
  tags,
} from '../fixtures/sheets.ts';
import type { Target } from '../fixtures/target.ts';
import { expect, test } from '../fixtures/test.ts';

const MIB = 1_048_576;

/** The canonical ID of a second account. */
async function secondAccount(target: Target): Promise<string> {
  const { endpoint, region, own, limited } = target;
  const credentials = own?.users.other ?? limited;
  const theirs = new S3Client({
    endpoint,
    region,
    credentials,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  try {
    if (own !== undefined) {
      return (await theirs.send(new ListBucketsCommand({}))).Owner?.ID ?? '';
    }
    // Elsewhere it may list no buckets, and owns what it wrote.
    const Key = `${target.limitedPrefix}whose.txt`;
    const place = { Bucket: target.limitedBucket, Key };
    await theirs.send(
      new PutObjectCommand({ ...place, Body: 'x', ACL: 'bucket-owner-full-control' }),
    );
    const { Owner } = await target.client.send(new GetObjectAclCommand(place));
    return Owner?.ID ?? '';
  } finally {
    theirs.destroy();
  }
}

test('headers somebody else changed meanwhile are not written over; a save is undone with one click', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await connect(dipper, target);
  await dipper.row('one.txt').click();
  await dipper.inspectorPage('Metadata');
  await press(dipper.inspector, 'Edit Headers');
  const sheet = sheetOf(page, 'Headers and Metadata');
  const field = sheet.getByLabel('Cache-Control', { exact: true });
  await field.fill('max-age=1');
  await page.keyboard.press('Tab');
  await target.client.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: 'one.txt',
      Body: 'two',
      CacheControl: 'no-store',
    }),
  );
  const cached = async (): Promise<string | undefined> =>
    (await target.client.send(new HeadObjectCommand({ Bucket: bucket, Key: 'one.txt' })))
      .CacheControl;
  await save(sheet);
  await expect(sheet).toContainText('Changed by somebody else meanwhile');
  expect(await cached()).toBe('no-store');
  await press(sheet, 'Look at the Difference');
  await expect(
    sheet.getByRole('list', { name: 'What was changed meanwhile' }),
  ).toContainText('no-store');
  await press(sheet, 'Reload');
  await expect(field).toHaveValue('no-store');

  await field.fill('max-age=60');
  await page.keyboard.press('Tab');
  await save(sheet);
  await expect(sheet).toBeHidden();
  expect(await cached()).toBe('max-age=60');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(dipper.toast('It is as it was before')).toBeVisible();
  expect(await cached()).toBe('no-store');
});

test('CORS rules somebody else changed meanwhile are not written over', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await connect(dipper, target);
  const theirs = (origin: string): Promise<unknown> =>
    target.client.send(
      new PutBucketCorsCommand({
        Bucket: bucket,
        CORSConfiguration: {
          CORSRules: [{ AllowedOrigins: [origin], AllowedMethods: ['GET'] }],
        },
      }),
    );
  await theirs('https://first.example');
  await dipper.inspectorPage('Access');
  await press(dipper.inspector, 'Edit CORS Rules');
  const sheet = sheetOf(page, 'CORS Rules');
  await sheet.getByLabel('Origins').fill('https://mine.example');
  await theirs('https://theirs.example');
  await save(sheet);
  await expect(sheet).toContainText('Changed by somebody else meanwhile');
  await press(sheet, 'Look at the Difference');
  await expect(sheet).toContainText('https://theirs.example');
  await press(sheet, 'Reload');
  await expect(sheet.getByLabel('Origins')).toHaveValue('https://theirs.example');
});

test('the whole grid: a user by ID, groups, and each permission by itself', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await connect(dipper, target);
  const id = await secondAccount(target);
  await dipper.row('one.txt').click();
  await dipper.inspectorPage('Access');
  await press(dipper.inspector, 'Edit Permissions');
  const sheet = sheetOf(page, 'Permissions');
  await press(sheet, 'Add User');
  await page.keyboard.type(id);
  const box = (name: string) => sheet.getByRole('checkbox', { name, exact: true });
  const user = sheet.getByRole('row').last();
  for (const permission of ['Read', 'Read ACP', 'Write ACP']) {
    await user.getByRole('checkbox', { name: new RegExp(`: ${permission}$`) }).check();
  }
  await box('Anyone signed in: Read ACP').check();
  await box('Everyone: Read').check();
  await save(sheet);
  await expect(sheet).toContainText('Yes, everyone can open it');
  await press(sheet, 'Done');
  expect((await strangers(target, bucket, 'one.txt')).toSorted()).toEqual(
    [
      'AllUsers READ',
      'AuthenticatedUsers READ_ACP',
      `${id} READ`,
      `${id} READ_ACP`,
      `${id} WRITE_ACP`,
    ].toSorted(),
  );

  await press(dipper.inspector, 'Edit Permissions');
  // The owner's line comes first, then the two groups.
  const full = sheet.getByRole('checkbox', { name: /: Full Control$/ }).last();
  await full.check();
  await box('Everyone: Read').uncheck();
  await box('Anyone signed in: Read ACP').uncheck();
  await save(sheet);
  await expect(sheet).toBeHidden();
  expect(await strangers(target, bucket, 'one.txt')).toEqual([`${id} FULL_CONTROL`]);
});

test('what a bookmark’s uploads get is nothing unless it was chosen', async ({
  dipper,
  page,
  places,
  target,
}) => {
  const bucket = await target.makeBucket();
  await writeTree(places.files, { 'small.txt': 'small', 'large.bin': 20 * MIB });
  const files = ['small.txt', 'large.bin'].map((name) => join(places.files, name));
  const { endpoint } = target;
  await dipper.connect({ endpoint, root: bucket, nickname: 'Plain' }, target.full);
  await dropFiles(page, dipper.files, files.slice(0, 1));
  await dipper.queueIdle(1);
  expect(await strangers(target, bucket, 'small.txt')).toEqual([]);
  await target.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'small.txt' }));

  await dipper.connect(
    { endpoint, root: bucket, nickname: 'Open', uploadAcl: 'public-read' },
    target.full,
  );
  await dropFiles(page, dipper.files, files);
  await dipper.queueIdle(3);
  for (const name of ['small.txt', 'large.bin']) {
    expect(await strangers(target, bucket, name)).toEqual(['AllUsers READ']);
    expect(await anonymous(target, bucket, name)).toBe(200);
  }
});

test('a change of many objects is paused and resumed; what is refused is listed and tried again', async ({
  dipper,
  page,
  target,
}) => {
  const { own } = target;
  test.skip(own === undefined, 'refusals on demand are faults of our own server');
  if (own === undefined) return;
  const bucket = await target.makeBucket();
  const many = 400;
  own.seed(
    bucket,
    Array.from({ length: many }, (_, index) => ({
      key: `f/${String(index).padStart(3, '0')}.txt`,
      body: 'x',
    })),
  );
  const slow = own.faults.add({
    match: { operation: 'PutObjectTagging' },
    skip: 20,
    action: { kind: 'delay', ms: 200 },
  });
  const refused = own.faults.add({
    match: { operation: 'PutObjectTagging', keyPattern: /\/(007|311)\.txt$/ },
    action: { kind: 'error', status: 403, code: 'AccessDenied' },
  });
  try {
    await dipper.connect({ endpoint: target.endpoint, root: bucket }, target.full);
    await dipper.row('f').click();
    await dipper.inspectorPage('Metadata');
    await press(dipper.inspector, 'Change All: Tags');
    const sheet = sheetOf(page, 'Change Tags');
    await expect(sheet).toContainText('400 objects');
    await sheet.getByLabel('Name of tag 1').fill('team');
    await sheet.getByLabel('Value of tag 1').fill('red');
    await press(sheet, 'Review Changes…');
    await press(sheet, 'Start');
    await dipper.showTransfers();
    const written = (): number =>
      own.requests.filter(
        ({ operation, status }) => operation === 'PutObjectTagging' && status === 200,
      ).length;
    await expect.poll(written).toBeGreaterThan(20);
    await dipper.transfers
      .getByRole('button', { name: 'Pause', exact: true })
      .first()
      .click();
    await expect(dipper.transfers).toContainText('Paused');
    await expect.poll(async () => (await dipper.totals()).running).toBe(0);
    const before = written();
    expect(before).toBeLessThan(many);
    slow.remove();
    await dipper.transfers
      .getByRole('button', { name: 'Resume', exact: true })
      .first()
      .click();
    // A row takes many objects, the refused ones have rows of their own.
    const job = dipper.transfers.locator('[data-group-state]');
    await expect(job).toContainText('398 items changed · 2 failed');
    // Nothing was done twice.
    expect(written()).toBe(many - 2);
    for (const name of ['007.txt', '311.txt']) {
      const row = dipper.transfer(name);
      await expect(row).toContainText('Access denied');
      await expect(row).toContainText('s3:PutObjectTagging');
    }
    refused.remove();
    await dipper.transfers.getByRole('button', { name: 'Retry Failed' }).click();
    await expect.poll(() => tags(target, bucket, 'f/311.txt')).toEqual({ team: 'red' });
    await expect(job).toContainText('400 items changed');
    expect(await tags(target, bucket, 'f/007.txt')).toEqual({ team: 'red' });
  } finally {
    own.faults.clear();
  }
});

test('who can read a bucket is asked only once somebody looks, and says why', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await connect(dipper, target);
  await target.client.send(
    new PutBucketPolicyCommand({
      Bucket: bucket,
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: '*',
            Action: ['s3:GetObject'],
            Resource: [`arn:aws:s3:::${bucket}/*`],
          },
        ],
      }),
    }),
  );
  const asked = (): number =>
    (target.own?.requests ?? []).filter(
      (request) =>
        request.bucket === bucket && request.operation === 'GetBucketPolicyStatus',
    ).length;
  await dipper.row('one.txt').click();
  await dipper.press('Mod+r');
  await expect(dipper.row('one.txt')).toBeVisible();
  expect(asked()).toBe(0);

  await dipper.press('Mod+i');
  const badge = dipper.inspector.getByRole('button', { name: 'Public by policy' });
  await badge.click();
  const reasons = page.getByRole('dialog', { name: 'Who can read it: Public by policy' });
  await expect(reasons).toContainText('Opens: HTTP 200');
  await page.keyboard.press('Escape');
  await expect(reasons).toBeHidden();
  await dipper.press('Mod+ArrowUp');
  await dipper.row(bucket).click();
  await expect(badge).toBeVisible();
  if (target.own !== undefined) expect(asked()).toBeGreaterThan(0);
});
