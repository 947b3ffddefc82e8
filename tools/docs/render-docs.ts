import type { ErrorCode } from '../../src/shared/errors/codes.ts';
import { ERROR_CODES } from '../../src/shared/errors/codes.ts';
import { assertNever } from '../../src/shared/lib/assert-never.ts';
import { errorText } from '../../src/shared/messages/errors.en.ts';
import {
  DEFAULT_QUIRKS,
  type ProviderProfile,
} from '../../src/shared/providers/profile.ts';
import { PROVIDERS } from '../../src/shared/providers/registry.ts';

const GENERATED =
  '<!-- Made by `node tools/docs/write-docs.ts`. A test fails when it is out of date. -->';

/** A page of docs/ that follows from data in the source. */
export interface GeneratedPage {
  /** Relative to the repository. */
  readonly path: string;
  readonly text: string;
}

/** Every generated page as it should be. */
export function renderDocs(): readonly GeneratedPage[] {
  return [
    { path: 'docs/providers.md', text: renderProviders() },
    { path: 'docs/errors.md', text: renderErrors() },
  ];
}

function renderProviders(): string {
  return [
    '# Providers',
    '',
    GENERATED,
    '',
    'Each provider is a file of data in `src/shared/providers/`; the reasons stand beside the values there. To add one: copy the nearest file, change it, add it to `registry.ts`, run the tests and `node tools/docs/write-docs.ts`.',
    '',
    'What a bookmark says goes first, then the provider’s quirks, then these defaults:',
    '',
    '| Quirk | Default |',
    '|---|---|',
    ...Object.entries(DEFAULT_QUIRKS).map(([name, value]) => `| ${name} | ${value} |`),
    '',
    ...PROVIDERS.flatMap(renderProvider),
  ].join('\n');
}

function renderProvider(profile: ProviderProfile): string[] {
  const quirks = Object.entries(profile.quirks);
  return [
    `## ${profile.name}`,
    '',
    profile.help,
    ...(profile.warning === undefined ? [] : ['', `**${profile.warning}**`]),
    '',
    `- Id: \`${profile.id}\``,
    `- Endpoint: ${profile.endpoint === '' ? 'typed by the user' : `\`${profile.endpoint}\``}`,
    ...profile.fields.map((field) => `- ${field.label}: ${field.help}`),
    `- Regions: ${regions(profile)}`,
    `- Differs from the defaults: ${
      quirks.length === 0
        ? 'nothing'
        : quirks.map(([name, value]) => `${name} ${value}`).join(', ')
    }`,
    ...(profile.helpUrl === '' ? [] : [`- More: <${profile.helpUrl}>`]),
    '',
  ];
}

function regions({ regions: choice }: ProviderProfile): string {
  switch (choice.kind) {
    case 'list':
      return choice.items.map(({ id, name }) => `\`${id}\` ${name}`).join(', ');
    case 'fixed':
      return `always \`${choice.value}\``;
    case 'free':
      return `as the server is set up; \`${choice.value}\` if nothing is typed`;
    default:
      return assertNever(choice);
  }
}

function renderErrors(): string {
  const rows = (Object.keys(ERROR_CODES) as ErrorCode[]).map((code) => {
    const { title, explanation, action } = errorText({ code, params: {} });
    return `| \`${code}\` | ${ERROR_CODES[code]} | ${title} | ${explanation} | ${action} |`;
  });
  return [
    '# Errors',
    '',
    GENERATED,
    '',
    'Errors have a code (`src/shared/errors/codes.ts`); the words for people are in `src/shared/messages/` (`server-errors.en.ts` for what servers say, `local-errors.en.ts` for the way there, this computer and the app), never where the error is thrown. The retry class belongs to the code:',
    '',
    '- `never`: repeating cannot help.',
    '- `user`: works again after the user changed something.',
    '- `auto`: tried again after a pause.',
    '- `paced`: tried again, and everything on that connection slows down.',
    '',
    'The window shows title, explanation and action, and under “Details” the server’s own code, HTTP status and request id.',
    '',
    '| Code | Retry | Title | Explanation | Action |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
