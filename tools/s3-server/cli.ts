import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createSampleBuckets } from './sample-data.ts';
import { startS3Server } from './server.ts';

const USAGE = `Usage: node tools/s3-server/cli.ts [--port P] [--data DIR] [--sample]

  --port P     port on 127.0.0.1 (default: any free one)
  --data DIR   keep data in DIR over restarts (default: a temporary folder)
  --region R   region (default us-east-1)
  --sample     fill in sample buckets
  --help       this text

Runs until interrupted (Ctrl+C).`;

/** Runs the server as a program; returns its exit code if it cannot start. */
async function main(): Promise<number | undefined> {
  const options = readOptions();
  if (typeof options === 'string') {
    console.error(options);
    return 2;
  }
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const controlToken = randomBytes(16).toString('hex');
  let server;
  try {
    server = await startS3Server({
      port: options.port,
      region: options.region,
      ...(options.data === undefined ? {} : { dataDir: options.data }),
      controlToken,
      log: (line) => console.error(line),
    });
  } catch (error) {
    console.error(`The server did not start: ${(error as Error).message}`);
    return 1;
  }
  if (options.sample) createSampleBuckets(server);
  const { full, limited, other } = server.users;
  // Shell assignments, so that a script can take them in.
  console.log(`S3_ENDPOINT=${server.endpoint}
S3_REGION=${server.region}
S3_ACCESS_KEY=${full.accessKeyId}
S3_SECRET_KEY=${full.secretAccessKey}
S3_LIMITED_ACCESS_KEY=${limited.accessKeyId}
S3_LIMITED_SECRET_KEY=${limited.secretAccessKey}
S3_LIMITED_BUCKET=shared
S3_LIMITED_PREFIX=team/
S3_OTHER_ACCESS_KEY=${other.accessKeyId}
S3_OTHER_SECRET_KEY=${other.secretAccessKey}
S3_CONTROL_TOKEN=${controlToken}`);
  const stop = (): void => {
    void server.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return undefined;
}

interface CliOptions {
  readonly port: number;
  readonly data: string | undefined;
  readonly region: string;
  readonly sample: boolean;
  readonly help: boolean;
}

function readOptions(): CliOptions | string {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '0' },
        data: { type: 'string' },
        region: { type: 'string', default: 'us-east-1' },
        sample: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const port = Number(values.port);
    if (!/^\d{1,5}$/.test(values.port) || port > 65_535) {
      return `--port takes a number from 0 to 65535, not "${values.port}".\n\n${USAGE}`;
    }
    const { region, sample, help } = values;
    return { port, data: values.data, region, sample, help };
  } catch (error) {
    return `${(error as Error).message}\n\n${USAGE}`;
  }
}

const code = await main();
if (code !== undefined) process.exitCode = code;
