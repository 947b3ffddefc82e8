import { describe, expect, test } from 'vitest';
import type { Aspect, BulkChange } from '../aspects.ts';
import { aspectCommand, type CommandChange } from './aspect-commands.ts';
import { type BulkTarget, bulkCommand } from './bulk-commands.ts';
import type { KeptByCopy } from './kept-by-copy.ts';
import { quoted } from './quote.ts';
import { selectionCommands } from './selection-commands.ts';
import { COMMAND_TOOLS, type CommandServer } from './tools.ts';

const CEPH: CommandServer = {
  endpoint: 'https://rgw.example.com:8443',
  region: 'ch-1',
  pathStyle: true,
  shell: 'posix',
};
const AMAZON: CommandServer = { ...CEPH, endpoint: null, region: 'eu-west-1' };
test('PowerShell doubles what it takes for quotes', () => {
  expect(quoted('it’s', 'powershell')).toBe("'it’’s'");
  expect(quoted("$x 'y'", 'powershell')).toBe("'$x ''y'''");
});

describe('commands for a selection', () => {
  test.each(COMMAND_TOOLS)('%s', (tool) => {
    const selection = {
      bucket: 'b',
      items: [
        { key: 'a dir/it’s.txt', folder: false },
        { key: 'photos/', folder: true },
      ],
    };
    const all = (['download', 'list', 'delete'] as const).map((action) =>
      [CEPH, AMAZON].map((server) => selectionCommands(tool, action, selection, server)),
    );
    expect(all).toMatchSnapshot();
  });

  test.each([
    ['s5cmd', 'a?/', true],
    ['s3cmd', 'a*.txt', false],
  ] as const)(
    '%s gets no command for what it takes for a pattern',
    (tool, key, folder) => {
      const one = (item: { key: string; folder: boolean }) =>
        selectionCommands(tool, 'delete', { bucket: 'b', items: [item] }, CEPH);
      expect(one({ key, folder })).toBeNull();
      expect(one({ key, folder: !folder })).toContain(`'s3://b/${key}`);
    },
  );

  test('a bucket with nothing selected is meant as a whole', () => {
    expect(selectionCommands('aws', 'list', { bucket: 'b', items: [] }, AMAZON)).toBe(
      'aws --region eu-west-1 s3 ls s3://b/ --recursive',
    );
  });
});

const CHANGES: readonly Aspect[] = [
  {
    aspect: 'acl',
    value: {
      owner: { id: 'me', name: 'Me' },
      grants: [
        {
          grantee: { kind: 'user', id: 'me', name: 'Me' },
          permission: 'FULL_CONTROL',
        },
        { grantee: { kind: 'group', group: 'AllUsers' }, permission: 'READ' },
        { grantee: { kind: 'email', email: 'x@example.com' }, permission: 'WRITE_ACP' },
      ],
    },
  },
  {
    aspect: 'cors',
    value: [
      {
        id: '',
        origins: ['*'],
        methods: ['GET'],
        headers: [],
        exposed: [],
        maxAge: 3_000,
      },
    ],
  },
  { aspect: 'cors', value: [] },
  { aspect: 'tags', value: [{ key: 'team', value: "it's" }] },
  { aspect: 'tags', value: [] },
  {
    aspect: 'headers',
    value: {
      contentType: 'text/html; charset=utf-8',
      contentDisposition: '',
      cacheControl: 'max-age=60',
      contentEncoding: '',
      contentLanguage: '',
      expires: '',
      metadata: [{ name: 'author', value: 'Zoë' }],
    },
  },
];

describe('commands for what an editor sends', () => {
  test('a list that lets in some lets in nobody else', () => {
    const owner = { id: 'me', name: '' };
    const grants = [
      { grantee: { kind: 'user', id: 'you', name: '' }, permission: 'READ' },
    ] as const;
    const change: Aspect = { aspect: 'acl', value: { owner, grants: [...grants] } };
    const target = { bucket: 'b', key: 'k' };
    // It adds to what is there: the list may have been public.
    expect(aspectCommand('s3cmd', target, { before: change, change }, AMAZON)).toBe(
      's3cmd --region eu-west-1 setacl --acl-private --acl-grant read:you s3://b/k',
    );
  });

  test.each(COMMAND_TOOLS)('%s', (tool) => {
    const commands = CHANGES.map((change) => {
      const key = change.aspect === 'cors' ? null : 'a b/ü.html';
      return aspectCommand(tool, { bucket: 'b', key }, { before: change, change }, CEPH);
    });
    expect(commands).toMatchSnapshot();
  });

  test('s3cmd is told what to take away, as it keeps everything else', () => {
    const [, , , , , headers] = CHANGES;
    if (headers?.aspect !== 'headers') throw new Error('no headers');
    const { value } = headers;
    const before: Aspect = {
      aspect: 'headers',
      value: {
        ...value,
        expires: 'Wed, 02 Jan 2030 00:00:00 GMT',
        metadata: [...value.metadata, { name: 'old', value: '1' }],
      },
    };
    const target = { bucket: 'b', key: 'k' };
    expect(aspectCommand('s3cmd', target, { before, change: headers }, AMAZON)).toContain(
      'modify --remove-header Expires --remove-header x-amz-meta-old --add-header',
    );
  });

  test('a copy is told what else it is to keep, and tags are given back where they may be lost', () => {
    const [, , , , , headers] = CHANGES;
    if (headers?.aspect !== 'headers') throw new Error('no headers');
    const kept: KeptByCopy = {
      details: {
        storageClass: 'GLACIER_IR',
        headers: [
          { name: 'Content-Type', value: 'text/plain' },
          { name: 'X-Amz-Website-Redirect-Location', value: '/a b' },
          { name: 'X-Amz-Server-Side-Encryption', value: 'aws:kms' },
          { name: 'X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id', value: 'key/1' },
          { name: 'X-Amz-Server-Side-Encryption-Bucket-Key-Enabled', value: 'true' },
          { name: 'X-Amz-Object-Lock-Mode', value: 'GOVERNANCE' },
          {
            name: 'X-Amz-Object-Lock-Retain-Until-Date',
            value: '2030-01-02T00:00:00.000Z',
          },
          { name: 'X-Amz-Object-Lock-Legal-Hold', value: 'ON' },
        ],
      },
      hasAcl: false,
      tags: [{ key: 'a', value: 'b c' }],
    };
    const command = (tool: 'aws' | 's3cmd', server: CommandServer) =>
      aspectCommand(
        tool,
        { bucket: 'b', key: 'k' },
        { before: headers, change: headers, kept },
        server,
      );
    // Nothing is asked for, or set, where lists are switched off.
    expect(command('aws', CEPH)).not.toContain('object-acl');
    const copy = command('aws', CEPH)?.split('\n')[0];
    expect(copy).toMatch(
      / --storage-class GLACIER_IR --website-redirect-location '\/a b' --server-side-encryption aws:kms --ssekms-key-id key\/1 --bucket-key-enabled --object-lock-mode GOVERNANCE --object-lock-retain-until-date 2030-01-02T00:00:00.000Z --object-lock-legal-hold-status ON &&$/,
    );
    const back = `put-object-tagging --bucket b --key k --tagging '{"TagSet":[{"Key":"a","Value":"b c"}]}'`;
    expect(command('aws', CEPH)).toContain(back);
    expect(command('aws', AMAZON)).not.toContain('tagging');
    expect(command('s3cmd', CEPH)).toContain(
      'modify --storage-class GLACIER_IR --acl-private --add-header',
    );
  });

  test('where the list cannot be read, PowerShell does not copy either', () => {
    const [, , , , , headers] = CHANGES;
    if (headers === undefined) throw new Error('no headers');
    const server = { ...AMAZON, shell: 'powershell' } as const;
    const change = { before: headers, change: headers };
    const text = aspectCommand('aws', { bucket: 'b', key: 'k' }, change, server);
    expect(text?.replaceAll(/aws --region.*? s3api/g, 'aws')).toBe(
      [
        'aws get-object-acl --bucket b --key k --output json | Set-Content -Encoding ascii acl.json',
        "if ($LASTEXITCODE -eq 0) { @'",
        '{"author":"=?UTF-8?B?Wm/Dqw==?="}',
        "'@ | Set-Content -NoNewline -Encoding ascii metadata.json",
        "aws copy-object --bucket b --key k --copy-source b/k --metadata-directive REPLACE --content-type 'text/html; charset=utf-8' --cache-control max-age=60 --metadata file://metadata.json }",
        'if ($LASTEXITCODE -eq 0) { aws put-object-acl --bucket b --key k --access-control-policy file://acl.json }',
      ].join('\n'),
    );
  });

  test('what has double quotes reaches aws through a file, which every PowerShell can do', () => {
    const tags: Aspect = { aspect: 'tags', value: [{ key: 'größe', value: 'L 😀' }] };
    const server = { ...AMAZON, shell: 'powershell' } as const;
    const target = { bucket: 'b', key: null };
    expect(aspectCommand('aws', target, { before: tags, change: tags }, server)).toBe(
      [
        "@'",
        String.raw`{"TagSet":[{"Key":"gr\u00f6\u00dfe","Value":"L \ud83d\ude00"}]}`,
        "'@ | Set-Content -NoNewline -Encoding ascii tagging.json",
        'aws --region eu-west-1 s3api put-bucket-tagging --bucket b --tagging file://tagging.json',
      ].join('\n'),
    );
  });

  test.each([`a"\n'@; calc #`, `{"\n'@; calc #`])(
    'a name that ends a text of PowerShell is not run: %j',
    (key) => {
      const tags: Aspect = { aspect: 'tags', value: [] };
      const server = { ...AMAZON, shell: 'powershell' } as const;
      const change = { before: tags, change: tags };
      const text = aspectCommand('aws', { bucket: 'b', key }, change, server) ?? '';
      expect(text).toContain(`'${key.replace("'", "''")}' | Set-Content`);
      expect(text).not.toMatch(/^'@/m);
    },
  );

  test('a header that begins like the end of a text of PowerShell is not run', () => {
    const [, , , , , before] = CHANGES;
    if (before?.aspect !== 'headers') throw new Error('no headers');
    const value = { ...before.value, contentDisposition: `'@; calc; "` };
    const change = { before, change: { ...before, value } };
    const server = { ...AMAZON, shell: 'powershell' } as const;
    const text = aspectCommand('aws', { bucket: 'b', key: 'k' }, change, server);
    expect(text).toContain(`'''@; calc; "' | Set-Content`);
    expect(text).not.toMatch(/^'@; calc/m);
  });

  test('what s3cmd cannot express it is not asked for', () => {
    const target = { bucket: 'b', key: 'k' };
    const tags: Aspect = { aspect: 'tags', value: [{ key: 'a', value: 'b&c' }] };
    const change: CommandChange = { before: tags, change: tags };
    expect(aspectCommand('s3cmd', target, change, CEPH)).toBe(null);
  });
});

const objects: BulkTarget = {
  bucket: 'b',
  items: ["it's.txt", 'ü'].map((key) => ({ key, folder: false })),
};
const folder: BulkTarget = { bucket: 'b', items: [{ key: 'f/', folder: true }] };
function acl(change: Partial<BulkChange & { aspect: 'acl' }>): BulkChange {
  return { aspect: 'acl', canned: null, add: [], remove: [], ...change };
}

function heading(change: Partial<BulkChange & { aspect: 'headers' }>): BulkChange {
  return {
    aspect: 'headers',
    set: {},
    typeByExtension: false,
    setMetadata: {},
    removeMetadata: [],
    replaceMetadata: false,
    ...change,
  };
}

function tagging(change: Partial<BulkChange & { aspect: 'tags' }>): BulkChange {
  return {
    aspect: 'tags',
    set: [],
    remove: [],
    replace: false,
    ...change,
  };
}

const everyone = { kind: 'group', group: 'AllUsers' } as const;
const you = { kind: 'user', id: 'you', name: 'You' } as const;

function bulk(tool: 'aws' | 's3cmd') {
  return (target: BulkTarget, change: BulkChange) =>
    bulkCommand(tool, target, change, AMAZON);
}

describe('commands for a change of many objects', () => {
  test('aws changes objects one by one, and only by presets and whole sets', () => {
    const aws = bulk('aws');
    const start = 'aws --region eu-west-1 s3api';
    expect(aws(objects, acl({ canned: 'private' }))).toEqual({
      text: [
        String.raw`${start} put-object-acl --bucket b --key 'it'\''s.txt' --acl private`,
        `${start} put-object-acl --bucket b --key 'ü' --acl private`,
      ].join('\n'),
      note: null,
    });
    const set = [{ key: 'a', value: 'b c' }];
    expect(
      aws(
        { ...objects, items: objects.items?.slice(1) ?? [] },
        tagging({ replace: true, set }),
      ),
    ).toEqual({
      text: `${start} put-object-tagging --bucket b --key 'ü' --tagging '{"TagSet":[{"Key":"a","Value":"b c"}]}'`,
      note: null,
    });
    expect(aws(folder, acl({ canned: 'private' }))).toEqual({ reason: 'no-folders' });
    const add = [{ grantee: everyone, permission: 'READ' }] as const;
    expect(aws(objects, acl({ add: [...add] }))).toEqual({ reason: 'replaces-all' });
    expect(aws(objects, tagging({ set }))).toEqual({ reason: 'replaces-all' });
    expect(aws(objects, heading({ set: { expires: '' } }))).toEqual({
      reason: 'replaces-all',
    });
    const many = Array.from({ length: 1_001 }, (_, n) => ({
      key: `${n}`,
      folder: false,
    }));
    expect(aws({ bucket: 'b', items: many }, acl({ canned: 'private' }))).toEqual({
      reason: 'too-many',
    });
  });

  test('s3cmd changes folders and whole buckets, and says what it leaves', () => {
    const s3cmd = bulk('s3cmd');
    const start = 's3cmd --region eu-west-1';
    expect(s3cmd({ bucket: 'b', items: null }, acl({ canned: 'private' }))).toEqual({
      text: `${start} setacl --recursive --acl-private s3://b/`,
      note: 'keeps-users',
    });
    expect(
      s3cmd(
        folder,
        acl({
          add: [{ grantee: everyone, permission: 'READ' }],
          remove: [{ grantee: you, permission: 'READ_ACP' }],
        }),
      ),
    ).toEqual({
      text: `${start} setacl --recursive --acl-grant read:http://acs.amazonaws.com/groups/global/AllUsers --acl-revoke read_acp:you s3://b/f/`,
      note: 'keeps-full-control',
    });
    const change = heading({
      set: { 'cache-control': 'max-age=60', expires: '' },
      setMetadata: { author: 'Zoë' },
      removeMetadata: ['old'],
    });
    expect(s3cmd(folder, change)).toEqual({
      text: `${start} modify --recursive --add-header cache-control:max-age=60 --remove-header expires --add-header 'x-amz-meta-author:=?UTF-8?B?Wm/Dqw==?=' --remove-header x-amz-meta-old s3://b/f/`,
      note: 'standard-class',
    });
    const set = [{ key: 'a', value: 'b' }];
    const one = { bucket: 'b', items: [{ key: 'k', folder: false }] };
    expect(s3cmd(one, tagging({ replace: true, set }))).toEqual({
      text: `${start} settagging s3://b/k a=b`,
      note: null,
    });
    expect(s3cmd(one, tagging({ replace: true }))).toEqual({
      text: `${start} deltagging s3://b/k`,
      note: null,
    });
    expect(s3cmd(folder, tagging({ replace: true, set }))).toEqual({
      reason: 'no-folders',
    });
    expect(s3cmd(folder, acl({ canned: 'bucket-owner-read' }))).toEqual({
      reason: 'cannot',
    });
    expect(s3cmd(folder, heading({ typeByExtension: true }))).toEqual({
      reason: 'cannot',
    });
    const wild = { bucket: 'b', items: [{ key: 'a*', folder: false }] };
    expect(s3cmd(wild, acl({ canned: 'private' }))).toEqual({ reason: 'pattern' });
  });

  test.each(['s5cmd', 'rclone'] as const)('%s has none', (tool) => {
    expect(bulkCommand(tool, folder, acl({ canned: 'private' }), CEPH)).toEqual({
      reason: 'no-such-thing',
    });
  });
});
