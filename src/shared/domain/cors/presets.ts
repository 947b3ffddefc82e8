import type { CorsRule } from '../aspects.ts';

/** A ready-made rule. */
export interface CorsPreset {
  readonly id: string;
  readonly label: string;
  readonly rule: CorsRule;
}

/** What is offered under Presets. Where there is no origin, one has to be filled in. */
export const CORS_PRESETS: readonly CorsPreset[] = [
  {
    id: 'any-read',
    label: 'Any Page May Read',
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
