import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CORSRule,
  GetBucketCorsCommand,
  PutBucketCorsCommand,
} from '@aws-sdk/client-s3';
import type { Locator } from '@playwright/test';
import { awsCli, s3cmd } from '../fixtures/command-lines.ts';
import { answerDialogs, answerOpenDialog } from '../fixtures/desktop.ts';
import type { Target } from '../fixtures/target.ts';
import { expect, test } from '../fixtures/test.ts';
import type { DipperWindow } from '../fixtures/window.ts';

const READ: CORSRule = {
  AllowedOrigins: ['*'],
  AllowedMethods: ['GET', 'HEAD'],
  AllowedHeaders: ['*'],
  MaxAgeSeconds: 3000,
};

/** The rules on the server, as the SDK reads them; none where there is no configuration. */
async function rulesOf({ client }: Target, bucket: string): Promise<readonly CORSRule[]> {
  try {
    const answer = await client.send(new GetBucketCorsCommand({ Bucket: bucket }));
    return answer.CORSRules ?? [];
  } catch (error) {
    if ((error as Error).name === 'NoSuchCORSConfiguration') return [];
    throw error;
  }
}

async function setRules(
  { client }: Target,
  bucket: string,
  ...rules: CORSRule[]
): Promise<void> {
  const command = { Bucket: bucket, CORSConfiguration: { CORSRules: rules } };
  await client.send(new PutBucketCorsCommand(command));
}

/** Opens the bucket and what the inspector says about its access. */
async function inspect(
  dipper: DipperWindow,
  target: Target,
  bucket: string,
): Promise<Locator> {
  await dipper.connect({ endpoint: target.endpoint, root: bucket }, target.full);
  await dipper.press('Mod+i');
  await dipper.inspector.getByRole('tab', { name: 'Access' }).click();
  return dipper.inspector.getByRole('region', { name: 'CORS Rules' });
}

async function openSheet(
  dipper: DipperWindow,
  target: Target,
  bucket: string,
): Promise<Locator> {
  await inspect(dipper, target, bucket);
  await dipper.inspector.getByRole('button', { name: 'Edit CORS Rules' }).click();
  const sheet = dipper.page.getByRole('dialog', { name: 'CORS Rules' });
  await expect(sheet.getByRole('radio', { name: 'Form' })).toBeVisible();
  return sheet;
}

async function review(sheet: Locator): Promise<void> {
  await sheet.getByRole('button', { name: 'Review Changes…' }).click();
}

async function save(sheet: Locator): Promise<void> {
  await review(sheet);
  await sheet.getByRole('button', { name: 'Save', exact: true }).click();
}

test('a preset becomes the configuration of a bucket that has none; undone, there is none again', async ({
  dipper,
  page,
  target,
}) => {
  const bucket = await target.makeBucket();
  const sheet = await openSheet(dipper, target, bucket);
  await expect(sheet.getByText('No CORS configuration')).toBeVisible();
  await sheet.getByRole('button', { name: 'Presets' }).click();
  await page.getByRole('menuitem', { name: 'Any Page May Read' }).click();
  await review(sheet);
  await expect(sheet.getByRole('list', { name: 'What will change' })).toContainText(
    'GET, HEAD from any origin',
  );
  expect(await rulesOf(target, bucket)).toEqual([]);
  await sheet.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(sheet).toBeHidden();
  expect(await rulesOf(target, bucket)).toMatchObject([READ]);
  await expect(
    dipper.inspector.getByRole('region', { name: 'CORS Rules' }),
  ).toContainText('GET, HEADfrom any origin');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(dipper.toast('It is as it was before')).toBeVisible();
  expect(await rulesOf(target, bucket)).toEqual([]);
});

test('rules are edited in the form, as JSON and as XML: what one view writes the next shows', async ({
  dipper,
  target,
}) => {
  const bucket = await target.makeBucket();
  await setRules(target, bucket, READ);
  const sheet = await openSheet(dipper, target, bucket);
  await sheet.getByLabel('Origins').fill('https://a.example.com\nhttps://b.example.com');
  await sheet.getByRole('checkbox', { name: 'PUT' }).click();
  await sheet.getByRole('radio', { name: 'JSON' }).click();
  const json = sheet.getByLabel('Rules as JSON');
  await expect(json).toHaveValue(/"https:\/\/a.example.com", "https:\/\/b.example.com"/);
  await json.fill(
    (await json.inputValue()).replace('"MaxAgeSeconds": 3000', '"MaxAgeSeconds": 60'),
  );
  await sheet.getByRole('radio', { name: 'XML' }).click();
  const xml = sheet.getByLabel('Rules as XML');
  await expect(xml).toHaveValue(/<MaxAgeSeconds>60<\/MaxAgeSeconds>/);
  await xml.fill(
    (await xml.inputValue()).replace(
      '</CORSRule>',
      '<ExposeHeader>ETag</ExposeHeader></CORSRule>',
    ),
  );
  await sheet.getByRole('radio', { name: 'Form' }).click();
  await expect(sheet.getByLabel('Exposed headers')).toHaveValue('ETag');
  await save(sheet);
  await expect(sheet).toBeHidden();
  const [rule] = await rulesOf(target, bucket);
  expect({
    ...rule,
    AllowedOrigins: rule?.AllowedOrigins?.toSorted(),
    AllowedMethods: rule?.AllowedMethods?.toSorted(),
  }).toMatchObject({
    AllowedOrigins: ['https://a.example.com', 'https://b.example.com'],
    AllowedMethods: ['GET', 'HEAD', 'PUT'],
    AllowedHeaders: ['*'],
    ExposeHeaders: ['ETag'],
    MaxAgeSeconds: 60,
  });
});

test('bad input is told by line, keeps its text and is never sent', async ({
  dipper,
  target,
}) => {
  const bucket = await target.makeBucket();
  await setRules(target, bucket, READ);
  const before = await rulesOf(target, bucket);
  const sheet = await openSheet(dipper, target, bucket);
  const notes = sheet.getByRole('list', { name: 'Problems' });
  await sheet.getByRole('radio', { name: 'JSON' }).click();
  const json = sheet.getByLabel('Rules as JSON');
  const malformed = '{\n  "CORSRules": [\n    "AllowedHeaders": ["*"]\n  ]\n}';
  await json.fill(malformed);
  await expect(notes).toContainText('Line 3A list has no named fields');
  await sheet.getByRole('radio', { name: 'Form' }).click();
  await expect(sheet.getByRole('alert')).toContainText('Nothing of it is lost');
  await expect(json).toHaveValue(malformed);
  await review(sheet);
  await expect(json).toBeFocused();

  await json.fill(
    '[{"AllowedOrigin": ["*"], "AllowedMethods": "GET", "MaxAgeSeconds": "9"}]',
  );
  await expect(notes).toContainText(
    /Write "AllowedOrigins".*takes a list.*without quotes/,
  );

  const rule = '{"AllowedOrigins": ["https://a"], "AllowedMethods": ["GET"]}';
  await json.fill(`[${Array.from({ length: 101 }, () => rule).join(',\n')}]`);
  await expect(notes).toContainText('There are 101 rules; a bucket takes 100.');

  await json.fill('[{"AllowedOrigins": ["https://*.*.com"], "AllowedMethods": ["get"]}]');
  await expect(notes).toContainText(/more than one \*.*Write GET in capitals/);
  await sheet.getByRole('radio', { name: 'Form' }).click();
  await expect(sheet.getByText(/has more than one \*/)).toBeVisible();
  await review(sheet);
  await expect(sheet.getByRole('button', { name: 'Save', exact: true })).toBeHidden();

  await sheet.getByRole('radio', { name: 'XML' }).click();
  const xml = sheet.getByLabel('Rules as XML');
  await xml.fill('<CORSConfiguration>\n  <CORSRule>\n</CORSConfiguration>');
  await expect(notes).toContainText(/Line 3.*write <\/CORSRule>/);
  await dipper.page.keyboard.press('Escape');
  await dipper.page.getByRole('button', { name: 'Discard', exact: true }).click();
  await expect(sheet).toBeHidden();
  expect(await rulesOf(target, bucket)).toEqual(before);
});

test('cors.json is opened and saved, in either shape', async ({
  app,
  dipper,
  places,
  target,
}) => {
  const bucket = await target.makeBucket();
  const sheet = await openSheet(dipper, target, bucket);
  const file = join(places.files, 'cors.json');
  await writeFile(file, JSON.stringify([READ]));
  await answerOpenDialog(app, file);
  await sheet.getByRole('button', { name: 'Open…' }).click();
  await expect(sheet.getByLabel('Origins')).toHaveValue('*');
  await sheet.getByRole('radio', { name: 'JSON' }).click();
  await sheet.getByRole('combobox', { name: 'Written as' }).click();
  await dipper.page.getByRole('option', { name: /CORSRules/ }).click();
  const saved = join(places.files, 'saved.json');
  await answerDialogs(app, 'showSaveDialog', { canceled: false, filePath: saved });
  await sheet.getByRole('button', { name: 'Save As…' }).click();
  await expect(dipper.toast('CORS rules saved')).toBeVisible();
  expect(JSON.parse(await readFile(saved, 'utf8'))).toEqual({ CORSRules: [READ] });

  await writeFile(file, '{"Rules": []}');
  await answerOpenDialog(app, file);
  await sheet.getByRole('button', { name: 'Open…' }).click();
  await expect(sheet.getByText(/has no field "Rules"/)).toBeVisible();
});

test('the lab finds why a page is refused, and its rule makes the server let it in', async ({
  dipper,
  target,
}) => {
  const bucket = await target.makeBucket();
  await setRules(target, bucket, READ);
  const sheet = await openSheet(dipper, target, bucket);
  await sheet.getByRole('radio', { name: 'Lab' }).click();
  await sheet
    .getByLabel('Error of the browser’s console')
    .fill(
      `Access to fetch at '${target.endpoint}/${bucket}/a.png' from origin 'https://shop.example.com' has been blocked by CORS policy: Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource.\napp.js:7 PUT ${target.endpoint}/${bucket}/a.png net::ERR_FAILED`,
    );
  await expect(sheet.getByLabel('Origin of the page')).toHaveValue(
    'https://shop.example.com',
  );
  await expect(sheet.getByRole('combobox', { name: 'Method' })).toHaveText('PUT');
  await sheet.getByLabel('Headers it sends').fill('content-type, x-amz-meta-id');
  const verdict = sheet.getByRole('region', { name: 'What the rules say' });
  await expect(verdict).toContainText('No rule allows it');
  await expect(verdict).toContainText('It allows GET and HEAD, but not PUT.');
  await sheet.getByRole('button', { name: 'Send the Preflight' }).click();
  await expect(sheet.getByText('The server refuses')).toBeVisible();

  await sheet.getByRole('button', { name: 'Add This Rule' }).click();
  await expect(verdict).toContainText('Rule 2 allows it');
  await save(sheet);
  const allowed = sheet.getByText('The server lets the page in');
  await expect(allowed.or(sheet.getByText('The server refuses'))).toBeVisible();
  // radosgw asks the first rule whose origin fits alone, which the lab learns by this.
  const back = sheet.getByRole('button', { name: 'Back to the Lab' });
  const learns = await back.isVisible();
  expect(learns && target.own !== undefined).toBe(false);
  if (learns) {
    await back.click();
    await expect(verdict).toContainText('asks the first rule whose origin fits');
    await sheet.getByRole('button', { name: 'Add This Rule' }).click();
    await expect(verdict).toContainText('Rule 1 allows it');
    await save(sheet);
  }
  await expect(allowed).toBeVisible();
  await expect(sheet.getByRole('region', { name: 'The answer' })).toContainText(
    /access-control-allow-origin: https:\/\/shop\.example\.com/i,
  );
  await sheet.getByRole('button', { name: 'Done' }).click();
  await expect(sheet).toBeHidden();
  expect(await rulesOf(target, bucket)).toHaveLength(learns ? 3 : 2);
});

test('a server without CORS is greyed out, with the reason', async ({
  dipper,
  target,
}) => {
  const { own } = target;
  test.skip(own === undefined, 'needs a server that lacks it');
  if (own === undefined) return;
  const bucket = await target.makeBucket();
  try {
    own.features = { cors: 'ignored' };
    const summary = await inspect(dipper, target, bucket);
    await expect(summary).toContainText('This server has no CORS rules');
    await expect(summary.getByRole('button')).toHaveCount(0);
    own.features = {};
    await dipper.inspector.getByRole('tab', { name: 'Info' }).click();
    await dipper.inspector.getByRole('tab', { name: 'Access' }).click();
    await expect(summary).toContainText('None');
    own.features = { cors: 'notImplemented' };
    await dipper.inspector.getByRole('tab', { name: 'Info' }).click();
    await dipper.inspector.getByRole('tab', { name: 'Access' }).click();
    await expect(summary).toContainText('This server has no CORS rules');
  } finally {
    own.features = {};
  }
});

test('keys that may not read the rules are told which action on which bucket they lack', async ({
  dipper,
  target,
}) => {
  await dipper.connect(
    {
      endpoint: target.endpoint,
      root: `${target.limitedBucket}/${target.limitedPrefix}`,
    },
    target.limited,
  );
  await dipper.press('Mod+i');
  await dipper.press('Mod+ArrowUp');
  await dipper.inspector.getByRole('tab', { name: 'Access' }).click();
  const summary = dipper.inspector.getByRole('region', { name: 'CORS Rules' });
  await expect(summary).toContainText(
    new RegExp(`s3:GetBucketCORS on arn:aws:s3:::${target.limitedBucket}`),
  );
});

test('the AWS command line and s3cmd read what Dipper wrote, and Dipper what they wrote', async ({
  app,
  dipper,
  places,
  target,
}) => {
  const aws = await awsCli(target);
  const other = await s3cmd(target, places.files);
  test.skip(aws === null || other === null, 'aws and s3cmd are not installed here');
  if (aws === null || other === null) return;
  const bucket = await target.makeBucket();
  const file = join(places.files, 'cors.json');
  await writeFile(
    file,
    JSON.stringify({ CORSRules: [{ ...READ, ID: 'from aws & co' }] }),
  );
  const api = (verb: string, ...args: readonly string[]): Promise<string> =>
    aws('s3api', verb, '--bucket', bucket, ...args);
  await api('put-bucket-cors', '--cors-configuration', `file://${file}`);

  const sheet = await openSheet(dipper, target, bucket);
  await expect(sheet.getByLabel('ID')).toHaveValue('from aws & co');
  await sheet.getByLabel('Origins').fill('https://a.example.com');
  // The file Dipper saves is one that aws takes, the XML one that s3cmd takes.
  const json = join(places.files, 'from-dipper.json');
  await sheet.getByRole('radio', { name: 'JSON' }).click();
  await answerDialogs(app, 'showSaveDialog', { canceled: false, filePath: json });
  await sheet.getByRole('button', { name: 'Save As…' }).click();
  await expect(dipper.toast(json)).toBeVisible();
  const xml = join(places.files, 'from-dipper.xml');
  await sheet.getByRole('radio', { name: 'XML' }).click();
  await answerDialogs(app, 'showSaveDialog', { canceled: false, filePath: xml });
  await sheet.getByRole('button', { name: 'Save As…' }).click();
  await expect(dipper.toast(xml)).toBeVisible();
  await save(sheet);
  await expect(sheet).toBeHidden();
  const written = {
    ...READ,
    ID: 'from aws & co',
    AllowedOrigins: ['https://a.example.com'],
  };
  const read = async (): Promise<unknown> => JSON.parse(await api('get-bucket-cors'));
  expect(await read()).toMatchObject({ CORSRules: [written] });

  await api('delete-bucket-cors');
  await api('put-bucket-cors', '--cors-configuration', `file://${json}`);
  expect(await read()).toMatchObject({ CORSRules: [written] });
  await api('delete-bucket-cors');
  await other('setcors', xml, `s3://${bucket}`);
  expect(await read()).toMatchObject({ CORSRules: [written] });
  expect(await other('info', `s3://${bucket}`)).toContain(
    '<AllowedOrigin>https://a.example.com</AllowedOrigin>',
  );
});
