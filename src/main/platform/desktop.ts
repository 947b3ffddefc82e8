import type { CommandState } from '../../shared/contract/app.ts';
import type { AppPayload, TopicName } from '../../shared/contract/index.ts';
import type { ThemeChoice } from '../../shared/domain/settings.ts';

/** A question with buttons. */
export interface Question {
  readonly message: string;
  readonly detail: string;
  /** The first is the default. */
  readonly buttons: readonly string[];
  /** Index of the button that closing the dialog stands for. */
  readonly cancel: number;
}

/** Dialogs of the operating system. `null` or an empty list: the user changed their mind. */
export interface Dialogs {
  chooseFiles(kind: 'files' | 'folders'): Promise<readonly string[]>;
  chooseFolder(options: { readonly title: string }): Promise<string | null>;
  openFile(options: {
    readonly title: string;
    readonly extensions: readonly string[];
  }): Promise<string | null>;
  saveFile(options: {
    readonly title: string;
    readonly defaultName: string;
    readonly extensions: readonly string[];
  }): Promise<string | null>;
  /** Resolves with the index of the button. */
  ask(question: Question): Promise<number>;
}

/** What the desktop does with files and addresses. */
export interface ShellActions {
  /** Opens an address in the user's browser. The caller has checked it. */
  openExternal(url: string): Promise<void>;
  /** Shows a file in the file manager. */
  revealFile(path: string): void;
}

/** The clipboard, for writing only. */
export interface ClipboardPort {
  writeText(text: string): Promise<void>;
}

/** Notifications of the operating system. */
export interface Notifier {
  /** Shows a notification; a click brings the window to the front. */
  notify(notification: { readonly title: string; readonly body: string }): void;
}

/** Keeps the computer from going to sleep. */
export interface PowerBlocker {
  setActive(active: boolean): void;
}

/** What the system tells of its network and of sleep. */
export interface SystemState {
  /** `false`: surely no way out. `true` promises nothing. */
  isOnline(): boolean;
  /** Calls back when the computer wakes up. */
  onResume(listener: () => void): void;
}

/** The menu bar. */
export interface MenuPort {
  setStates(states: readonly CommandState[]): void;
}

/** How the system looks. */
export interface Appearance {
  readonly dark: boolean;
  readonly highContrast: boolean;
}

/** The look of the system and of the window's own frame. */
export interface ThemePort {
  current(): Appearance;
  setChoice(choice: ThemeChoice): void;
  /** Calls back whenever {@link ThemePort.current} changes. */
  onChange(listener: (appearance: Appearance) => void): void;
}

/** The window. There may be none for a while (macOS); then sending does nothing. */
export interface WindowPort {
  send<N extends TopicName>(topic: N, payload: AppPayload<N>): void;
  isFocused(): boolean;
  setTitle(title: string): void;
  /** Begins the operating system's drag of local files. Must follow a pressed mouse button. */
  startDrag(paths: readonly string[]): Promise<void>;
}
