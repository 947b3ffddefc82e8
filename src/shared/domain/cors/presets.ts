import type { CorsRule } from '../aspects.ts';

/** A ready-made rule. */
export interface CorsPreset {
  readonly id: string;
  readonly label: string;
  /** What it is for. */
  readonly hint: string;
  readonly rule: CorsRule;
}

/** What is offered under Presets. Where there is no origin, one has to be filled in. */
export const CORS_PRESETS: readonly CorsPreset[] = [
  {
    id: 'any-read',
    label: 'Any Page May Read',
    hint: 'GET and HEAD from every origin: images, fonts and downloads for everybody.',
    rule: {
      id: '',
      origins: ['*'],
      methods: ['GET', 'HEAD'],
      headers: ['*'],
      exposed: [],
      maxAge: 3_000,
    },
  },
  {
    id: 'site-read',
    label: 'One Site May Read',
    hint: 'GET and HEAD from the origin you enter, and no other.',
    rule: {
      id: '',
      origins: [],
      methods: ['GET', 'HEAD'],
      headers: ['*'],
      exposed: [],
      maxAge: 3_000,
    },
  },
  {
    id: 'uploads',
    label: 'Browser Uploads',
    hint: 'Reads, writes and deletes from your web app, which sees ETag, Location and the offset of uploads it resumes.',
    rule: {
      id: '',
      origins: [],
      methods: ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'],
      headers: ['*'],
      exposed: ['ETag', 'Upload-Offset', 'Location'],
      maxAge: 3_000,
    },
  },
];
