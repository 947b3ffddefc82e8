import { ChevronRight, CircleAlert, Server } from 'lucide-react';
import { type MouseEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { formatS3Path } from '../../../shared/domain/remote-path.ts';
import { addressProblemText } from '../../../shared/messages/endpoint.en.ts';
import { useServices } from '../../app/services.ts';
import { classes } from '../../components/classes.ts';
import { FileIcon } from '../../components/file-icon.tsx';
import styles from './address-bar.module.css';
import { displayName } from './model/display-name.ts';
import { crumbs, type Location } from './model/location.ts';

/** Where one is: a breadcrumb that becomes a text field when one wants to type. */
export function AddressBar() {
  const { pane, connections, focus } = useServices();
  const location = useStore(pane.store, (state) => state.location);
  const open = useStore(connections.store, (state) => state.open);
  /** The place whose address is being edited; another place ends it. */
  const [edited, setEdited] = useState<Location | null>(null);
  const editing = edited !== null && edited === location;
  useEffect(
    () => focus.register('address', () => setEdited(pane.store.getState().location)),
    [focus, pane],
  );

  if (!location) return <div className={styles.bar} />;
  if (editing) return <AddressField location={location} onDone={() => setEdited(null)} />;
  const connection = open.find((info) => info.connectionId === location.connectionId);
  return (
    <Breadcrumb
      location={location}
      title={connection?.title ?? 'Connection'}
      onEdit={() => setEdited(location)}
    />
  );
}

function Breadcrumb(props: {
  readonly location: Location;
  readonly title: string;
  readonly onEdit: () => void;
}) {
  const { navigation } = useServices();
  const scroller = useRef<HTMLOListElement>(null);
  const steps = crumbs(props.location, props.title);
  useLayoutEffect(() => {
    // The end of the way is what one wants to see of a long one.
    scroller.current?.scrollTo({ left: scroller.current.scrollWidth });
  });
  const edit = (event: MouseEvent): void => {
    if (event.target instanceof Element && event.target.closest('button')) return;
    props.onEdit();
  };
  return (
    <nav className={classes(styles.bar, styles.field)} aria-label="Path">
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- the keyboard's way is Ctrl+L */}
      <ol ref={scroller} className={styles.crumbs} onClick={edit}>
        {steps.map((step, index) => {
          const last = index === steps.length - 1;
          return (
            <li key={step.location.prefix + String(index)} className={styles.crumb}>
              {index > 0 && (
                <ChevronRight size={12} aria-hidden="true" className={styles.arrow} />
              )}
              <button
                type="button"
                className={classes(styles.step, last && styles.here)}
                data-drop-prefix={
                  step.location.bucket === null ? undefined : step.location.prefix
                }
                aria-current={last ? 'location' : undefined}
                title={displayName(step.name)}
                onClick={() => {
                  if (last) props.onEdit();
                  else navigation.go(step.location);
                }}
              >
                {index === 0 && <Server size={14} aria-hidden="true" />}
                {index === 1 && <FileIcon kind="bucket" size={14} />}
                <span className={styles.name}>{displayName(step.name)}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

function AddressField(props: {
  readonly location: Location;
  readonly onDone: () => void;
}) {
  const { navigation, focus, reportError } = useServices();
  const { bucket, prefix, connectionId } = props.location;
  const [text, setText] = useState(
    bucket === null ? '' : formatS3Path({ bucket, key: prefix }),
  );
  const [problem, setProblem] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);

  async function go(): Promise<void> {
    const reason = await navigation.goToAddress(text, connectionId);
    if (reason !== null) {
      setProblem(addressProblemText(reason));
      return;
    }
    props.onDone();
    focus.to('list');
  }

  return (
    <div className={classes(styles.bar, styles.editing)}>
      <input
        ref={input}
        className={styles.input}
        aria-label="Address"
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : 'address-problem'}
        placeholder="s3://bucket/folder/"
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setProblem(null);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.preventDefault();
            props.onDone();
            focus.to('list');
          } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
            event.preventDefault();
            go().catch(reportError);
          }
        }}
        onBlur={() => {
          // What was typed in vain stays, so that it can be mended.
          if (problem === null) props.onDone();
        }}
      />
      {problem !== null && (
        <p id="address-problem" role="alert" className={styles.problem}>
          <CircleAlert size={14} aria-hidden="true" />
          {problem}
        </p>
      )}
    </div>
  );
}
