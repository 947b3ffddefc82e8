import type { CorsRule } from '../domain/aspects.ts';
import type { Refusal } from '../domain/cors/browser-view.ts';
import type {
  BrowserName,
  ConsoleCause,
  ConsoleReading,
} from '../domain/cors/console-error.ts';
import type { MismatchReason } from '../domain/cors/match.ts';
import type { CorsProposal } from '../domain/cors/propose.ts';
import { assertNever } from '../lib/assert-never.ts';

/** Values of a list that are named in a sentence; the others are counted. */
const MOST_NAMED = 4;

/** Words in a row: `a, b and c`; none: `nothing`. */
export function wordsOf(values: readonly string[]): string {
  if (values.length > MOST_NAMED) {
    const named = values.slice(0, MOST_NAMED - 1).join(', ');
    return `${named} and ${values.length - MOST_NAMED + 1} more`;
  }
  const last = values.at(-1);
  if (last === undefined) return 'nothing';
  return values.length === 1 ? last : `${values.slice(0, -1).join(', ')} and ${last}`;
}

/** What a rule allows, in one sentence without an end. */
export function ruleText(rule: CorsRule): string {
  const { origins, methods, headers, exposed, maxAge } = rule;
  const who = origins.includes('*') ? 'any origin' : wordsOf(origins);
  const parts = [
    `${methods.length === 0 ? 'no method' : methods.join(', ')} from ${who}`,
  ];
  if (headers.includes('*')) parts.push('any header');
  else if (headers.length > 0) parts.push(headersText(headers));
  if (exposed.length > 0) parts.push(`shows ${wordsOf(exposed)}`);
  if (maxAge !== null) parts.push(`kept for ${maxAge} s`);
  return parts.join('; ');
}

function headersText(names: readonly string[]): string {
  return `${names.length === 1 ? 'header' : 'headers'} ${wordsOf(names)}`;
}

/** Why a rule does not allow what is asked. */
export function reasonText(
  reason: MismatchReason,
  question: { readonly method: string },
): string {
  switch (reason.kind) {
    case 'origin':
      return reason.allowed.length === 0
        ? 'It allows no origin.'
        : `The origin is not among its own: ${wordsOf(reason.allowed)}.`;
    case 'method':
      return reason.allowed.length === 0
        ? 'It allows no method.'
        : `It allows ${wordsOf(reason.allowed)}, but not ${question.method}.`;
    case 'headers':
      return `It does not allow the ${headersText(reason.missing)}.`;
    default:
      return assertNever(reason);
  }
}

/** Why a browser does not go on after the server's answer. */
export function refusalText(
  refusal: Refusal,
  question: { readonly origin: string; readonly method: string },
): string {
  switch (refusal.kind) {
    case 'status':
      return `It answered with status ${refusal.status}; a browser goes on only after 200 to 299.`;
    case 'no-origin':
      return 'It named no origin (no Access-Control-Allow-Origin).';
    case 'other-origin':
      return `It named another origin, ${refusal.allowed}.`;
    case 'wildcard-credentials':
      return 'It named any origin with *, which browsers do not take for requests with credentials. A rule has to name the origin.';
    case 'no-credentials':
      return 'It does not allow credentials (no Access-Control-Allow-Credentials: true).';
    case 'method':
      return `It does not allow ${question.method}.`;
    case 'headers':
      return `It does not allow the ${headersText(refusal.missing)}.`;
    default:
      return assertNever(refusal);
  }
}

const BROWSERS: Readonly<Record<BrowserName, string>> = {
  chrome: 'Chrome',
  firefox: 'Firefox',
  safari: 'Safari',
};

const CAUSES: Readonly<Record<ConsoleCause, string>> = {
  'no-allow-origin': 'the answer allows no origin: no rule fits what was asked.',
  'other-origin': 'the answer allows another origin.',
  'preflight-refused':
    'the server refused the question beforehand (the preflight): no rule fits it.',
  'header-refused': 'the rule that fits does not allow a header.',
  'method-refused': 'the rule that fits does not allow the method.',
  'wildcard-with-credentials':
    'the rule allows any origin with *, which does not do for requests with credentials.',
  'credentials-refused': 'the answer does not allow credentials.',
  'preflight-redirected':
    'the preflight was sent elsewhere. Rules do not help: use the endpoint of the bucket’s own region, with https.',
  'many-allow-origins':
    'the answer names origins twice: something before the server, such as a CDN, adds its own. Let only one of them do so.',
  'no-answer':
    'there was no answer that a browser takes. Rules do not help: look at the address, the certificate and the network.',
};

/** What was read out of a console, and what it did not say. */
export function consoleText(reading: ConsoleReading): string {
  const { browser, cause, origin, method, headers } = reading;
  const said = `${BROWSERS[browser]}: ${CAUSES[cause]}`;
  const unsaid = [
    ...(origin === null ? ['the page’s origin'] : []),
    ...(method === null ? ['the method'] : []),
    ...(headers.length === 0 && cause === 'preflight-refused' ? ['the headers'] : []),
  ];
  if (unsaid.length === 0) return said;
  return `${said} It does not say ${wordsOf(unsaid)}: fill in what is missing.`;
}

/** What is done with a proposal. */
export function proposalTitle({ kind, index }: CorsProposal, rules: number): string {
  if (kind === 'extend') return `Extend rule ${index + 1}`;
  return index < rules ? `Add a rule before rule ${index + 1}` : 'Add a rule';
}

/** What a proposal changes, and what it allows that nobody asked for. */
export function proposalText(proposal: CorsProposal): string {
  const { kind, rule, adds, side } = proposal;
  if (kind === 'add') return `${ruleText(rule)}.`;
  const added = [
    ...(adds.origins.length > 0 ? [`the origin ${wordsOf(adds.origins)}`] : []),
    ...(adds.methods.length > 0 ? [`the method ${wordsOf(adds.methods)}`] : []),
    ...(adds.headers.length > 0 ? [`the ${headersText(adds.headers)}`] : []),
  ];
  const beyond = [
    ...(side.methods.length > 0 ? [wordsOf(side.methods)] : []),
    ...(side.headers.includes('*')
      ? ['any header']
      : side.headers.length > 0
        ? [`the ${headersText(side.headers)}`]
        : []),
  ];
  const sentences = [`Adds ${wordsOf(added)}.`];
  if (beyond.length > 0) sentences.push(`The page may use ${wordsOf(beyond)} then, too.`);
  if (side.origins.length > 0) {
    const others = side.origins.includes('*') ? 'every page' : wordsOf(side.origins);
    sentences.push(`It is allowed to ${others} as well then.`);
  }
  return sentences.join(' ');
}
