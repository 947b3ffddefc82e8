import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import styles from './tabs.module.css';

/** One page of {@link Tabs}. */
export interface TabPage<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly content: ReactNode;
}

/** Props of {@link Tabs}. */
export interface TabsProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly pages: readonly TabPage<Value>[];
}

/** Pages behind tabs. Only the page on screen is there, so only it asks for anything. */
export function Tabs<Value extends string>(props: TabsProps<Value>) {
  const { label, value, onChange, pages } = props;
  return (
    <Base.Root
      value={value}
      onValueChange={(next: Value) => onChange(next)}
      className={styles.root}
    >
      <Base.List aria-label={label} className={styles.list} activateOnFocus>
        {pages.map((page) => (
          <Base.Tab key={page.value} value={page.value} className={styles.tab}>
            {page.label}
          </Base.Tab>
        ))}
      </Base.List>
      {pages.map((page) => (
        <Base.Panel
          key={page.value}
          value={page.value}
          className={styles.panel}
          // What is in it has the focus; the page itself would only be a stop in between.
          tabIndex={-1}
        >
          {page.content}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
