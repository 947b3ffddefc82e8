import type { LinkOptions } from '../../../shared/domain/exposure.ts';
import {
  type ExpiryUnit,
  readExpiry,
  USUAL_SECONDS,
} from '../../../shared/domain/link-text.ts';

/** What a link is for, as chosen in its sheet. */
export interface LinkForm {
  readonly method: 'GET' | 'PUT';
  /** As typed. */
  readonly expiry: string;
  readonly unit: ExpiryUnit;
  /** What a browser does with it. */
  readonly opening: 'as-it-is' | 'show' | 'save';
  /** Empty: as the object has it. */
  readonly contentType: string;
}

/** What a new link is for. */
export const NEW_LINK: LinkForm = {
  method: 'GET',
  expiry: String(USUAL_SECONDS / 3_600),
  unit: 'hours',
  opening: 'as-it-is',
  contentType: '',
};

/** What is wrong, by field, in words. */
export interface LinkFaults {
  readonly expiry?: string;
  readonly contentType?: string;
}

const EXPIRY_FAULTS = {
  'not-a-number': 'Enter a number, such as 1 or 24.',
  'too-short': 'A link lives for at least one second.',
  'too-long':
    'A link lives for at most 7 days (604,800 seconds): servers refuse more. For longer, make the object public.',
} as const;

/** What is wrong with a form; empty: nothing. */
export function linkFaults(form: LinkForm): LinkFaults {
  const expiry = readExpiry(form.expiry, form.unit);
  return {
    ...('fault' in expiry ? { expiry: EXPIRY_FAULTS[expiry.fault] } : {}),
    ...(isType(form.contentType)
      ? {}
      : { contentType: 'Enter a type such as image/jpeg, in one line, or nothing.' }),
  };
}

/** The options of a form without faults, for any number of objects. */
export function linkOptions(form: LinkForm): LinkOptions {
  const expiry = readExpiry(form.expiry, form.unit);
  const saves = form.method === 'GET' && form.opening === 'save';
  const shows = form.method === 'GET' && form.opening === 'show';
  return {
    method: form.method,
    expiresIn: 'seconds' in expiry ? expiry.seconds : USUAL_SECONDS,
    contentDisposition: shows ? 'inline' : '',
    contentType: form.contentType.trim(),
    versionId: null,
    ...(saves ? { underOwnName: true } : {}),
  };
}

/** Seconds a form's link lives; `null`: what was typed is no time. */
export function secondsOf(form: LinkForm): number | null {
  const expiry = readExpiry(form.expiry, form.unit);
  return 'seconds' in expiry ? expiry.seconds : null;
}

function isType(text: string): boolean {
  const bare = text.trim();
  return bare === '' || /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(;[\x20-\x7e]*)?$/.test(bare);
}
