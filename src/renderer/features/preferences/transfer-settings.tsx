import type { LimitSchedule } from '../../../shared/domain/bandwidth.ts';
import type { Settings, SettingsPatch } from '../../../shared/domain/settings.ts';
import { Checkbox } from '../../components/checkbox.tsx';
import { Field } from '../../components/field.tsx';
import { LimitField } from './limit-field.tsx';
import { NumberField } from './number-field.tsx';
import styles from './preferences-dialog.module.css';
import { TimeField } from './time-field.tsx';

/** Monday first; the number is that of `Date`. */
const DAYS = [
  [1, 'Mon'],
  [2, 'Tue'],
  [3, 'Wed'],
  [4, 'Thu'],
  [5, 'Fri'],
  [6, 'Sat'],
  [0, 'Sun'],
] as const;

/** Props of {@link TransferSettings}. */
export interface TransferSettingsProps {
  readonly settings: Settings;
  readonly onChange: (patch: SettingsPatch) => void;
}

/** How much at once, and how fast. */
export function TransferSettings({ settings, onChange }: TransferSettingsProps) {
  const { limitSchedule: schedule } = settings;
  return (
    <>
      <NumberField
        label="Transfers"
        unit="at once"
        min={1}
        max={64}
        value={settings.maxTransfers}
        onChange={(maxTransfers) => onChange({ maxTransfers })}
      />
      <NumberField
        label="Small files"
        unit="up to 64 KB, at once"
        min={1}
        max={64}
        value={settings.smallTransfers}
        onChange={(smallTransfers) => onChange({ smallTransfers })}
      />
      <NumberField
        label="Parts"
        unit="of one file at once"
        min={1}
        max={32}
        value={settings.partsPerTransfer}
        onChange={(partsPerTransfer) => onChange({ partsPerTransfer })}
      />
      <NumberField
        label="Requests"
        unit="to one server at once"
        min={1}
        max={256}
        value={settings.requestsPerConnection}
        onChange={(requestsPerConnection) => onChange({ requestsPerConnection })}
      />
      <hr className={styles.rule} />
      <LimitFields
        labels={['Upload at most', 'Download at most']}
        limits={settings}
        onChange={onChange}
      />
      <div className={styles.checks}>
        <Checkbox
          label="Other limits at certain times"
          hint="Bookmarks may have limits of their own besides."
          checked={schedule.enabled}
          onChange={(enabled) => onChange({ limitSchedule: { ...schedule, enabled } })}
        />
      </div>
      {schedule.enabled && (
        <Timetable
          schedule={schedule}
          onChange={(limitSchedule) => onChange({ limitSchedule })}
        />
      )}
    </>
  );
}

type Limits = Pick<Settings, 'uploadLimitKiBs' | 'downloadLimitKiBs'>;

function LimitFields(props: {
  readonly labels: readonly [string, string];
  readonly limits: Limits;
  readonly onChange: (patch: Partial<Limits>) => void;
}) {
  const { labels, limits, onChange } = props;
  return (
    <>
      <LimitField
        label={labels[0]}
        value={limits.uploadLimitKiBs}
        onChange={(uploadLimitKiBs) => onChange({ uploadLimitKiBs })}
      />
      <LimitField
        label={labels[1]}
        value={limits.downloadLimitKiBs}
        onChange={(downloadLimitKiBs) => onChange({ downloadLimitKiBs })}
      />
    </>
  );
}

function Timetable(props: {
  readonly schedule: LimitSchedule;
  readonly onChange: (schedule: LimitSchedule) => void;
}) {
  const { schedule, onChange } = props;
  const days = new Set(schedule.days);
  return (
    <>
      <TimeField
        label="From"
        value={schedule.from}
        onChange={(from) => onChange({ ...schedule, from })}
      />
      <TimeField
        label="To"
        value={schedule.to}
        onChange={(to) => onChange({ ...schedule, to })}
      />
      <Field label="Beginning on">
        <div className={styles.days}>
          {DAYS.map(([day, name]) => (
            <Checkbox
              key={day}
              label={name}
              checked={days.has(day)}
              onChange={(checked) =>
                onChange({
                  ...schedule,
                  days: DAYS.map(([each]) => each).filter((each) =>
                    each === day ? checked : days.has(each),
                  ),
                })
              }
            />
          ))}
        </div>
      </Field>
      <LimitFields
        labels={['Then upload', 'Then download']}
        limits={schedule}
        onChange={(patch) => onChange({ ...schedule, ...patch })}
      />
    </>
  );
}
