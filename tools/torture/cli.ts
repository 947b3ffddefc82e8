import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { isClean } from './checker.ts';
import { ENGINE_SOURCE } from './engine-host.ts';
import { endpointOf } from './radosgw.ts';
import { torture } from './run.ts';

const USAGE = `npm run torture -- [--seed N] [--minutes M] [--json FILE]
                   [--target radosgw] [--engine FILE] [--keep]

Runs real transfers through faults of every kind and compares everything at the end.
  --seed N       what happens follows from it; default: a random one
  --minutes M    how long faults go on; default 1
  --json FILE    writes the report there
  --target T     'own' (default), or 'radosgw': the server of S3_ENDPOINT, S3_ACCESS_KEY,
                 S3_SECRET_KEY and S3_REGION, on this machine, spoilt by the proxy only
  --engine FILE  the engine's entry; default: the sources
  --keep         keeps the working folder
`;

const TARGETS: ReadonlySet<string> = new Set(['own', 'radosgw']);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      minutes: { type: 'string', default: '1' },
      json: { type: 'string' },
      target: { type: 'string', default: 'own' },
      engine: { type: 'string', default: ENGINE_SOURCE },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
  const minutes = Number(values.minutes);
  if (!Number.isSafeInteger(seed) || !(minutes > 0) || !TARGETS.has(values.target)) {
    console.error(USAGE);
    return 2;
  }
  const endpoint = values.target === 'own' ? undefined : endpointOf(process.env);
  console.error(`seed ${seed}, ${minutes} min of faults`);
  const report = await torture({
    seed,
    minutes,
    engineEntry: values.engine,
    endpoint,
    keep: values.keep,
    log: (line) => console.error(line),
  });
  if (values.json !== undefined) {
    await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
  }
  for (const problem of report.problems) console.error(problem);
  console.log(JSON.stringify(report));
  return isClean(report) ? 0 : 1;
}

process.exit(await main());
