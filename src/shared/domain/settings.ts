import { z } from 'zod';
import { LimitKiBs, LimitSchedule } from './bandwidth.ts';
import { ConflictPolicy } from './transfer.ts';

/** Look of the window. */
export const ThemeChoice = z.enum(['system', 'light', 'dark', 'high-contrast']);
export type ThemeChoice = z.infer<typeof ThemeChoice>;

/** Width of a pane or column in CSS pixels. */
const Pixels = z.int().min(40).max(4_000);

/** Domains of buckets, such as a CDN's, by what names the bucket to the window. */
const LinkDomains = z.record(z.string().max(4_096), z.string().max(1_024));

/** What the preferences and the window remember. Every field has a default. */
export const Settings = z.strictObject({
  theme: ThemeChoice.default('system'),
  showHidden: z.boolean().default(false),
  confirmDelete: z.boolean().default(true),
  uploadConflict: ConflictPolicy.default('ask'),
  downloadConflict: ConflictPolicy.default('ask'),
  notifyWhenDone: z.boolean().default(true),
  /** Empty: the system's downloads folder. */
  downloadFolder: z.string().max(32_768).default(''),
  /** Transfers in flight at once. */
  maxTransfers: z.int().min(1).max(64).default(8),
  /** Small files in flight at once, where that is more. */
  smallTransfers: z.int().min(1).max(64).default(16),
  /** Parts of one file in flight at once. */
  partsPerTransfer: z.int().min(1).max(32).default(4),
  /** Requests of transfers in flight at once over one connection. */
  requestsPerConnection: z.int().min(1).max(256).default(16),
  uploadLimitKiBs: LimitKiBs.default(0),
  downloadLimitKiBs: LimitKiBs.default(0),
  limitSchedule: LimitSchedule.prefault({}),
  sidebarVisible: z.boolean().default(true),
  inspectorVisible: z.boolean().default(false),
  transfersVisible: z.boolean().default(false),
  requestsVisible: z.boolean().default(false),
  sidebarWidth: Pixels.default(220),
  inspectorWidth: Pixels.default(300),
  transfersHeight: Pixels.default(220),
  requestsHeight: Pixels.default(240),
  columnWidths: z.record(z.string(), Pixels).default({}),
  linkDomains: LinkDomains.default({}),
});
export type Settings = z.infer<typeof Settings>;

/** A change of some settings. */
export const SettingsPatch = z
  .strictObject({
    theme: ThemeChoice,
    showHidden: z.boolean(),
    confirmDelete: z.boolean(),
    uploadConflict: ConflictPolicy,
    downloadConflict: ConflictPolicy,
    notifyWhenDone: z.boolean(),
    downloadFolder: z.string().max(32_768),
    maxTransfers: z.int().min(1).max(64),
    smallTransfers: z.int().min(1).max(64),
    partsPerTransfer: z.int().min(1).max(32),
    requestsPerConnection: z.int().min(1).max(256),
    uploadLimitKiBs: LimitKiBs,
    downloadLimitKiBs: LimitKiBs,
    limitSchedule: LimitSchedule,
    sidebarVisible: z.boolean(),
    inspectorVisible: z.boolean(),
    transfersVisible: z.boolean(),
    requestsVisible: z.boolean(),
    sidebarWidth: Pixels,
    inspectorWidth: Pixels,
    transfersHeight: Pixels,
    requestsHeight: Pixels,
    columnWidths: z.record(z.string(), Pixels),
    linkDomains: LinkDomains,
  })
  .partial();
export type SettingsPatch = z.infer<typeof SettingsPatch>;
