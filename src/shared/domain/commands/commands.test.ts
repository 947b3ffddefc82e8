import { describe, expect, test } from 'vitest';
import type { Aspect } from '../aspects.ts';
import { aspectCommand } from './aspect-commands.ts';
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
    expect(aspectCommand('s3cmd', target, change, AMAZON)).toBe(
      's3cmd --region eu-west-1 setacl --acl-private --acl-grant read:you s3://b/k',
    );
  });

  test.each(COMMAND_TOOLS)('%s', (tool) => {
    const commands = CHANGES.map((change) => {
      const key = change.aspect === 'cors' ? null : 'a b/ü.html';
      return aspectCommand(tool, { bucket: 'b', key }, change, CEPH);
    });
    expect(commands).toMatchSnapshot();
  });

  test('what s3cmd cannot express it is not asked for', () => {
    const target = { bucket: 'b', key: 'k' };
    const tags = { aspect: 'tags', value: [{ key: 'a', value: 'b&c' }] } as const;
    expect(
      aspectCommand('s3cmd', target, { ...tags, value: [...tags.value] }, CEPH),
    ).toBe(null);
  });
});
