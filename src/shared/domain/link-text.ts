import { assertNever } from '../lib/assert-never.ts';
import { csvLine } from '../lib/csv.ts';
import { quoted, type Shell } from './commands/quote.ts';

/** Longest a link signed with version 4 lives, seconds: seven days. https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html */
export const MOST_SECONDS = 604_800;
/** How long a link lives unless something else is chosen, seconds. */
export const USUAL_SECONDS = 3_600;

/** How a link is copied. */
export const LINK_FORMATS = ['plain', 'shell', 'markdown', 'html'] as const;
export type LinkFormat = (typeof LINK_FORMATS)[number];

/** A link with what it is called. */
export interface NamedLink {
  readonly name: string;
  readonly url: string;
}

/** A link as it is put on the clipboard. */
export function linkText(
  { name, url }: NamedLink,
  format: LinkFormat,
  shell: Shell,
): string {
  switch (format) {
    case 'plain':
      return url;
    case 'shell':
      return quoted(url, shell);
    case 'markdown':
      return `[${escapeMarkdown(name)}](<${url}>)`;
    case 'html':
      return `<a href="${escapeHtml(url)}">${escapeHtml(name)}</a>`;
    default:
      return assertNever(format);
  }
}

/** One link of a list. */
export interface ListedLink extends NamedLink {
  readonly key: string;
  /** ms since 1970. */
  readonly expiresAt: number;
}

/** Many links as a table for spreadsheets: key, address, time of its end. */
export function linksAsCsv(links: readonly ListedLink[]): string {
  const lines = links.map(({ key, url, expiresAt }) =>
    csvLine([key, url, new Date(expiresAt).toISOString()]),
  );
  return [csvLine(['key', 'url', 'expires']), ...lines].join('');
}

/** Many links as a Markdown list. */
export function linksAsMarkdown(links: readonly NamedLink[]): string {
  return links.map((link) => `- ${linkText(link, 'markdown', 'posix')}\n`).join('');
}

/** Units an expiry is given in. */
export const EXPIRY_UNITS = {
  seconds: 1,
  minutes: 60,
  hours: 3_600,
  days: 86_400,
} as const;
export type ExpiryUnit = keyof typeof EXPIRY_UNITS;

/** What is wrong with an expiry. */
export type ExpiryFault = 'not-a-number' | 'too-short' | 'too-long';

/** An expiry as typed, in whole seconds. */
export function readExpiry(
  text: string,
  unit: ExpiryUnit,
): { readonly seconds: number } | { readonly fault: ExpiryFault } {
  const number = Number(text.trim().replace(',', '.'));
  if (text.trim() === '' || !Number.isFinite(number)) return { fault: 'not-a-number' };
  const seconds = Math.round(number * EXPIRY_UNITS[unit]);
  if (seconds < 1) return { fault: 'too-short' };
  return seconds > MOST_SECONDS ? { fault: 'too-long' } : { seconds };
}

/**
 * Content-Disposition that saves under a name, which may have any characters.
 * https://www.rfc-editor.org/rfc/rfc6266
 */
export function attachment(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
  const header = `attachment; filename="${plain}"`;
  if (plain === name) return header;
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${header}; filename*=UTF-8''${encoded}`;
}

/** A link with the bucket's own domain, such as a CDN's, in front. `null`: it is no domain. */
export function customDomainUrl(domain: string, key: string): string | null {
  const bare = domain.trim().replace(/\/+$/, '');
  const base = /^https?:\/\//i.test(bare) ? bare : `https://${bare}`;
  if (!URL.canParse(base) || !/^https?:\/\/[^/\s]+$/i.test(base)) return null;
  return `${base}/${key.split('/').map(encodeURIComponent).join('/')}`;
}

function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>]/g, String.raw`\$&`).replaceAll(/\s/g, ' ');
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
