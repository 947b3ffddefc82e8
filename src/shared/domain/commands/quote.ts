/** The shell a command is pasted into. */
export type Shell = 'posix' | 'powershell';

/** What needs no quotes in any shell. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** A word as the shell takes it literally. */
export function quoted(word: string, shell: Shell): string {
  const plain = PLAIN.test(word) && !word.startsWith('-') && !word.includes('%');
  if (plain && (shell === 'posix' || !/[,@]/.test(word))) return word;
  return shell === 'posix'
    ? `'${word.replaceAll("'", String.raw`'\''`)}'`
    : `'${word.replaceAll(/['‘’‚‛]/g, (mark) => mark + mark)}'`;
}

/**
 * A command line of a program and its arguments. Arguments that are options (`--acl`) are
 * given as {@link option}, as a word that only looks like one is quoted.
 */
export function commandLine(
  words: readonly (string | { readonly raw: string })[],
  shell: Shell,
): string {
  return words
    .map((word) => (typeof word === 'string' ? quoted(word, shell) : word.raw))
    .join(' ');
}

/** A word that goes as it is: the program, its command, an option. */
export function option(raw: string): { readonly raw: string } {
  return { raw };
}

/** Writes `text` to a file beside the command that needs it. */
export function fileCommand(name: string, text: string, shell: Shell): string {
  return shell === 'posix'
    ? `cat > ${quoted(name, shell)} <<'END'\n${text}\nEND`
    : `${powershellText(text)} | Set-Content -Encoding utf8 ${quoted(name, shell)}`;
}

/**
 * A text as PowerShell takes it literally, its lines as they are. A line of it that begins
 * like the end of such a text would end it, and what follows be run: then it is one quoted
 * word.
 */
export function powershellText(text: string): string {
  return /^['‘’‚‛]@/m.test(text) ? quoted(text, 'powershell') : `@'\n${text}\n'@`;
}

/** What a command prints goes to a file beside it. */
export function intoFile(name: string, command: string, shell: Shell): string {
  return shell === 'posix'
    ? `${command} > ${quoted(name, shell)}`
    : `${command} | Set-Content -Encoding ascii ${quoted(name, shell)}`;
}

/** Commands one after the other, each only if those before went well. */
export function inTurn(commands: readonly string[], shell: Shell): string {
  if (shell === 'posix') return commands.join(' &&\n');
  // Windows PowerShell has no &&, and what is piped on fails unseen otherwise.
  const [first = '', ...rest] = commands;
  return [first, ...rest.map((each) => `if ($LASTEXITCODE -eq 0) { ${each} }`)].join(
    '\n',
  );
}
