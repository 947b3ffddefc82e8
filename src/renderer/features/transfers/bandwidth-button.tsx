import { Gauge } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import {
  kibsOf,
  LIMIT_UNIT,
  limitText,
  parseLimit,
} from '../../../shared/domain/limit-text.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import type { Format } from '../../../shared/lib/format.ts';
import { useServices } from '../../app/services.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { Popover } from '../../components/popover.tsx';
import { SegmentedControl } from '../../components/segmented-control.tsx';
import { TextInput } from '../../components/text-input.tsx';
import styles from './bandwidth-button.module.css';

type Way = 'uploadLimitKiBs' | 'downloadLimitKiBs';
type LimitSettings = Pick<Settings, Way | 'limitSchedule'>;

/** Megabytes per second one can choose with one click. */
const USUAL = [1, 5, 10] as const;
const CHOICES = [
  { value: '0', label: 'Off' },
  ...USUAL.map((value) => ({ value: `${value}`, label: `${value}` })),
  { value: 'custom', label: 'Other' },
] as const;
const WAYS: readonly { readonly way: Way; readonly label: string }[] = [
  { way: 'uploadLimitKiBs', label: 'Upload' },
  { way: 'downloadLimitKiBs', label: 'Download' },
];

/** Limits of the bandwidth, where one looks when transfers take the whole line. */
export function BandwidthButton() {
  const { settings, transfers, format } = useServices();
  const [open, setOpen] = useState(false);
  const current = useStore(settings.store, (state) => state.settings);
  const limits = useStore(transfers.store, (state) => state.totals?.limits);
  if (current === null) return null;
  const isLimited =
    limits === undefined
      ? current.uploadLimitKiBs + current.downloadLimitKiBs > 0
      : limits.uploadKiBs + limits.downloadKiBs > 0;
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      title={`Bandwidth limits, in ${LIMIT_UNIT}`}
      trigger={
        <IconButton
          size="small"
          label={isLimited ? 'Bandwidth Limits (on)' : 'Bandwidth Limits'}
          className={isLimited ? styles.limited : undefined}
          icon={<Gauge size={15} />}
        />
      }
    >
      <div className={styles.ways}>
        {WAYS.map(({ way, label }) => (
          <Limit
            key={way}
            label={label}
            kibs={current[way]}
            onChange={(kibs) => settings.change({ [way]: kibs })}
          />
        ))}
      </div>
      <p className={styles.note}>{noteOf(current, limits?.scheduled ?? false, format)}</p>
    </Popover>
  );
}

function Limit(props: {
  readonly label: string;
  readonly kibs: number;
  readonly onChange: (kibs: number) => void;
}) {
  const { label, kibs, onChange } = props;
  const usual = USUAL.find((value) => kibsOf(value) === kibs);
  const [custom, setCustom] = useState(kibs > 0 && usual === undefined);
  const [text, setText] = useState<string | null>(null);
  const shown = text ?? (kibs === 0 ? '' : limitText(kibs));
  // An emptied field does not lift the limit that holds; “Off” does.
  const isValid = (parseLimit(shown) ?? 0) > 0 || (shown === '' && kibs === 0);
  const chosen = custom ? 'custom' : `${usual ?? 0}`;
  return (
    <div className={styles.way}>
      <span className={styles.label}>{label}</span>
      <SegmentedControl
        label={`${label} limit`}
        value={chosen}
        choices={CHOICES}
        onChange={(value) => {
          setCustom(value === 'custom');
          setText(null);
          if (value !== 'custom') onChange(kibsOf(Number(value)));
        }}
      />
      {custom && (
        <TextInput
          inputMode="decimal"
          aria-label={`${label} limit in ${LIMIT_UNIT}`}
          aria-invalid={!isValid}
          className={styles.number}
          value={shown}
          onChange={(next) => {
            setText(next);
            const parsed = parseLimit(next);
            if (parsed !== null && parsed > 0) onChange(parsed);
          }}
        />
      )}
    </div>
  );
}

function noteOf(settings: LimitSettings, scheduled: boolean, format: Format): string {
  const { limitSchedule: schedule } = settings;
  if (!schedule.enabled) return 'For all connections together. No timetable is set.';
  const limit = (kibs: number): string =>
    kibs === 0 ? 'no limit' : format.speed(kibs * 1_024);
  const limits = `upload ${limit(schedule.uploadLimitKiBs)}, download ${limit(schedule.downloadLimitKiBs)}`;
  return scheduled
    ? `The timetable holds until ${schedule.to}: ${limits}.`
    : `The timetable sets other limits from ${schedule.from} to ${schedule.to}: ${limits}.`;
}
