import type { AloneContext, Figures } from './context.ts';
import { measureModel } from './model.ts';
import { measureQueue } from './queue.ts';
import { measureWindow } from './window.ts';

/** Runs what no peer has: the queue, the window's model, the window. */
export async function runAlone(
  context: AloneContext & { readonly isWanted: (name: string) => boolean },
): Promise<Readonly<Record<string, Figures>>> {
  const { sizes, log, isWanted } = context;
  const works: readonly (readonly [
    name: string,
    work: (context: AloneContext) => Promise<Figures>,
  ])[] = [
    [`queue ${sizes.queuedFiles.toLocaleString('en')} small files`, measureQueue],
    [`${sizes.modelKeys.toLocaleString('en')} keys to sorted rows`, measureModel],
    [
      `the window while ${sizes.windowFiles.toLocaleString('en')} small files move`,
      measureWindow,
    ],
  ];
  const results: Record<string, Figures> = {};
  for (const [name, work] of works) {
    if (!isWanted(name)) continue;
    log(name);
    try {
      results[name] = await work(context);
    } catch (error) {
      results[name] = { failed: error instanceof Error ? error.message : String(error) };
    }
    log(`  ${JSON.stringify(results[name])}`);
  }
  return results;
}
