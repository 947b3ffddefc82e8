import { commandLine, option, powershellText, type Shell } from './quote.ts';
import type { Words } from './tools.ts';

/**
 * A command line of `aws`. Windows PowerShell loses the double quotes inside of arguments,
 * and its successor does not: what has some is written to a file that `aws` reads.
 * https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_parsing
 */
export function awsLine(words: Words, shell: Shell): string {
  if (shell === 'posix') return commandLine(words, shell);
  const files: string[] = [];
  const plain = words.map((word, index) => {
    if (typeof word !== 'string' || !word.includes('"')) return word;
    const text = isJson(word) ? asciiJson(word) : word;
    // No header has other letters where S3 is to take it.
    if (!/^[\n\x20-\x7e]*$/.test(text)) return word;
    const before = words[index - 1];
    const name = fileName(typeof before === 'object' ? before.raw : '', word);
    const literal = powershellText(text);
    files.push(`${literal} | Set-Content -NoNewline -Encoding ascii ${name}`);
    return option(`file://${name}`);
  });
  return [...files, commandLine(plain, shell)].join('\n');
}

/** By the option it is for: `tagging.json`. */
function fileName(raw: string, text: string): string {
  const name = /--([\w-]+)$/.exec(raw)?.[1] ?? 'argument';
  return `${name}.${isJson(text) ? 'json' : 'txt'}`;
}

/** JSON has a way to say every letter in ASCII. */
function asciiJson(text: string): string {
  return text.replaceAll(
    /[^\n\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function isJson(text: string): boolean {
  return text.startsWith('{');
}
