import { FolderOpen, Save } from 'lucide-react';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import { useServices } from '../../app/services.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { SegmentedControl } from '../../components/segmented-control.tsx';
import type { FormProps } from '../aspects/aspect-editor.ts';
import {
  type CorsDraft,
  type CorsView,
  shownAs,
  textOf,
  withFile,
} from './cors-draft.ts';
import styles from './cors-form.module.css';
import { LabView } from './lab/lab-view.tsx';
import { PresetMenu } from './preset-menu.tsx';
import { RulesForm } from './rules-form.tsx';
import { SourceView } from './source-view.tsx';

const VIEWS: readonly { readonly value: CorsView; readonly label: string }[] = [
  { value: 'form', label: 'Form' },
  { value: 'json', label: 'JSON' },
  { value: 'xml', label: 'XML' },
  { value: 'lab', label: 'Lab' },
];

/** The CORS rules of a bucket in the view one chose, and the lab that tries them. */
export function CorsForm(props: FormProps<CorsDraft>) {
  const { draft, onChange, problems, readOnly } = props;
  const { api, toasts, reportError } = useServices();
  const { view } = draft;
  const whole = problems.get('rules');

  async function open(): Promise<void> {
    const file = await api.documents.open({ kind: 'cors' });
    if (file !== null) onChange((now) => withFile(now, file.text));
  }

  async function save(): Promise<void> {
    const format = view === 'xml' ? 'xml' : 'json';
    const text = textOf(draft, format);
    const { path } = await api.documents.save({ kind: 'cors', format, text });
    if (path === null) return;
    toasts.show({ tone: 'success', title: 'CORS rules saved', description: path });
  }

  return (
    <div className={styles.form}>
      <div className={styles.bar}>
        <SegmentedControl
          label="View"
          value={view}
          choices={VIEWS}
          onChange={(next) => onChange((now) => shownAs(now, next))}
        />
        {view !== 'lab' && (
          <div className={styles.actions}>
            {!readOnly && (
              <>
                {draft.rows.length > 0 && draft.broken.length === 0 && (
                  <PresetMenu onChange={onChange} />
                )}
                <Button
                  icon={<FolderOpen size={14} aria-hidden="true" />}
                  onClick={() => {
                    open().catch(reportError);
                  }}
                >
                  Open…
                </Button>
              </>
            )}
            <Button
              icon={<Save size={14} aria-hidden="true" />}
              disabled={draft.rows.length === 0 && draft.broken.length === 0}
              onClick={() => {
                save().catch(reportError);
              }}
            >
              Save As…
            </Button>
          </div>
        )}
      </div>
      {whole !== undefined && <Banner tone="error">{whole}</Banner>}
      {view === 'lab' && whole === undefined && problems.size > 0 && (
        <Banner tone="error">
          The rules cannot be saved like this. Form shows what is wrong.
        </Banner>
      )}
      <View {...props} />
    </div>
  );
}

function View(props: FormProps<CorsDraft>) {
  const { view } = props.draft;
  switch (view) {
    case 'form':
      return <RulesForm {...props} />;
    case 'json':
    case 'xml':
      return <SourceView key={view} {...props} view={view} />;
    case 'lab':
      return <LabView {...props} />;
    default:
      return assertNever(view);
  }
}
