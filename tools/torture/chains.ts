import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectionId, GroupId } from '../../src/shared/domain/ids.ts';
import { changeFile } from './changing-file.ts';
import { contentOf, digestBytes, largeSize, smallSize, writeContent } from './content.ts';
import { fileName, remoteNames } from './odd-names.ts';
import type { Random } from './random.ts';
import { bump, CONNECTIONS, type World } from './world.ts';

const MIB = 1024 * 1024;
const EMPTY = digestBytes(new Uint8Array(0)).sha256;

/** Objects under a prefix that one chain works on, one step after the other. */
interface Tree {
  bucket: string;
  /** Ends in `/`. */
  prefix: string;
  /** Every right content by key relative to the prefix. */
  readonly files: Map<string, ReadonlySet<string>>;
}

/** What a chain begins with. */
type ChainKind = 'small' | 'large' | 'seeded' | 'changing' | 'denied' | 'cancelled';

/** What the first chains do: a bit of everything however short the run is. */
const FIRST: readonly ChainKind[] = [
  'large',
  'seeded',
  'cancelled',
  'denied',
  'changing',
];

/** Of how many chains one sends a file of 96 to 200 MiB. */
const HUGE_EVERY = 13;

/** A chain of steps: each works on what the one before it left. */
export class Chain {
  readonly #world: World;
  readonly #random: Random;
  readonly #index: number;
  readonly #connectionId: ConnectionId;
  readonly #tree: Tree;
  #steps = 0;

  constructor(world: World, index: number) {
    this.#world = world;
    this.#random = world.random.fork(`chain ${index}`);
    this.#index = index;
    this.#connectionId = this.#random.pick(CONNECTIONS);
    this.#tree = {
      bucket: this.#random.pick(world.server.buckets),
      prefix: `up/chain-${index}/`,
      files: new Map(),
    };
  }

  async run(): Promise<void> {
    const random = this.#random;
    const { heavy, host } = this.#world;
    const kind = this.#kind();
    // Another server has no key that is refused on demand.
    if (kind === 'denied' && host !== null) return this.#denied();
    if (kind === 'cancelled') return this.#cancelled();
    if (kind === 'small' || kind === 'denied') await this.#uploadSmall();
    if (kind === 'seeded') await this.#seed();
    if (kind === 'large') await this.#uploadOne('large.bin', this.#largeSize());
    if (kind === 'changing') await this.#uploadChanging();
    // Onto the disk that is too small at first.
    if (this.#index === 0) await this.#download();
    const cancels = kind === 'large' || kind === 'seeded';
    if (cancels && (this.#index === 0 || random.chance(heavy ? 0.3 : 0.1))) {
      await this.#cancelDownload();
    }
    const steps = random.int(1, 4);
    for (let step = 0; step < steps && this.#world.isOpen(); step += 1) {
      if (random.chance(0.55)) await this.#download();
      else await this.#move();
    }
    if (random.chance(0.4) && this.#world.isOpen()) await this.#remove();
  }

  #kind(): ChainKind {
    const first = FIRST[this.#index];
    if (first !== undefined) return first;
    if (this.#isHuge) return 'large';
    return this.#random.weighted({
      small: 55,
      seeded: 18,
      large: 11,
      changing: 6,
      denied: 3,
      cancelled: 7,
    });
  }

  get #isHuge(): boolean {
    return this.#world.heavy && this.#index % HUGE_EVERY === HUGE_EVERY - 1;
  }

  /** The first one must not fit the disk that is too small. */
  #largeSize(): number {
    if (this.#index === 0) return (this.#world.heavy ? 120 : 44) * MIB;
    return this.#isHuge ? this.#random.int(96, 200) * MIB : largeSize(this.#random);
  }

  async #uploadSmall(): Promise<void> {
    const count = this.#random.int(1, 40);
    const taken = new Set<string>();
    for (let file = 0; file < count; file += 1) {
      const nested = this.#random.chance(0.3) ? `sub ${this.#random.int(0, 3)}/` : '';
      const name = nested + fileName(this.#random, taken);
      await this.#writeSource(name, smallSize(this.#random));
    }
    if (this.#random.chance(0.2)) {
      await mkdir(join(this.#source, 'empty folder'));
      this.#tree.files.set('empty folder/', new Set([EMPTY]));
    }
    await this.#upload();
  }

  async #uploadOne(name: string, size: number): Promise<void> {
    await this.#writeSource(name, size);
    await this.#upload();
  }

  async #uploadChanging(): Promise<void> {
    const size = this.#random.chance(0.5)
      ? this.#random.int(1, 2 * MIB)
      : this.#random.int(16 * MIB, 40 * MIB);
    const path = await this.#writeSource('changing.bin', size);
    const contents = new Set(this.#tree.files.get('changing.bin'));
    this.#tree.files.set('changing.bin', contents);
    const changes = changeFile(path, this.#random.fork('changes'), contents, () =>
      bump(this.#world.counts, 'sourceChanged'),
    );
    await Promise.all([this.#upload(), changes]);
  }

  async #seed(): Promise<void> {
    const names = remoteNames(this.#random, this.#random.int(1, 25));
    const entries = names.map((name) => {
      const content = contentOf(
        `${this.#random.seed}/${name}`,
        Math.min(smallSize(this.#random), 64 * 1024),
      );
      const body = Buffer.concat([...content]);
      this.#tree.files.set(name, new Set([digestBytes(body).sha256]));
      return { key: this.#tree.prefix + name, body };
    });
    // The server may be restarting.
    await this.#world.exclusive(() =>
      this.#world.server.seed(this.#tree.bucket, entries),
    );
    this.#expectTree('must');
  }

  async #denied(): Promise<void> {
    this.#tree.prefix = `up/denied-${this.#index}/`;
    const size = this.#random.pick([1_000, 17 * MIB]);
    await this.#writeSource('refused.bin', size);
    const groupId = await this.#submitUpload();
    this.#world.watch.hopeless.add(groupId);
    this.#step('denied', groupId, 1);
    this.#expectTree('never');
    await this.#world.watch.groupEnd(groupId);
  }

  async #cancelled(): Promise<void> {
    await this.#writeSource('cancelled.bin', this.#random.int(17 * MIB, 60 * MIB));
    const groupId = await this.#submitUpload();
    this.#step('cancelled', groupId, 0);
    this.#expectTree('may');
    await this.#cancel(groupId, 'cancelledUpload');
  }

  /** Changes the mind on a download, which must leave nothing half done. */
  async #cancelDownload(): Promise<void> {
    const groupId = await this.#submitDownload('cancelled');
    await this.#cancel(groupId, 'cancelledDownload');
  }

  /** Cancels what there is of a group after a while, and waits for the rest. */
  async #cancel(groupId: GroupId, what: string): Promise<void> {
    const { engine, watch, counts } = this.#world;
    await delay(this.#random.int(0, 1_500));
    for (let look = 0; look < 40; look += 1) {
      const rows = await watch.rows('all');
      const ids = rows.filter((row) => row.groupId === groupId).map((row) => row.id);
      if (ids.length > 0) {
        await engine.call('transfers.cancel', { ids });
        bump(counts, what);
        break;
      }
      await delay(100);
    }
    await watch.groupEnd(groupId);
  }

  async #upload(): Promise<void> {
    const groupId = await this.#submitUpload();
    this.#step('upload', groupId, this.#tree.files.size);
    this.#expectTree('must');
    await this.#world.watch.groupEnd(groupId);
  }

  #submitUpload(): Promise<GroupId> {
    const parent = dirname(this.#tree.prefix);
    return this.#world.submit(() =>
      this.#world.engine.call('transfers.upload', {
        connectionId: this.#connectionId,
        bucket: this.#tree.bucket,
        prefix: `${parent}/`,
        paths: [this.#source],
        // Names like those of junk are meant.
        hidden: 'include',
        conflict: this.#random.pick(['overwrite', 'ask', 'skip', 'rename']),
      }),
    );
  }

  async #download(): Promise<void> {
    const groupId = await this.#submitDownload('done');
    await this.#world.watch.groupEnd(groupId);
  }

  async #submitDownload(end: 'done' | 'cancelled'): Promise<GroupId> {
    const { tinyDisk, ledger } = this.#world;
    const { bucket, prefix, files } = this.#tree;
    const tiny = tinyDisk !== null && this.#index === 0 && end === 'done';
    const folder = tiny
      ? join(tinyDisk.folder, `step-${this.#steps}`)
      : join(this.#world.folder, 'downloads', `chain-${this.#index}-${this.#steps}`);
    await mkdir(folder, { recursive: true });
    ledger.newReading(`/${bucket}/${prefix}`);
    const groupId = await this.#world.submit(() =>
      this.#world.engine.call('transfers.download', {
        connectionId: this.#connectionId,
        bucket,
        basePrefix: prefix,
        items: [{ key: prefix, folder: true }],
        folder,
        conflict: this.#random.pick(['overwrite', 'ask', 'skip', 'rename']),
      }),
    );
    const objects = new Map([...files].map(([name, each]) => [prefix + name, each]));
    this.#world.plan.steps.push({
      origin: this.#origin(end === 'done' ? 'download' : 'cancelled download'),
      groupId,
      end,
      leastRows: end === 'done' ? files.size : 0,
      download: { folder, objects },
    });
    return groupId;
  }

  /** Moves the tree, or copies it and goes on with the copy. */
  async #move(): Promise<void> {
    const { bucket, prefix } = this.#tree;
    const random = this.#random;
    const targetBucket = random.pick(this.#world.server.buckets);
    const copies = random.chance(0.5);
    const what = copies ? 'copy' : 'move';
    const targetPrefix = `${what}/chain-${this.#index}-${this.#steps}/`;
    // To another connection the bytes come through this computer.
    const targetConnectionId = random.chance(0.3)
      ? random.pick(CONNECTIONS)
      : this.#connectionId;
    const across = targetConnectionId !== this.#connectionId;
    const { ledger, watch, counts } = this.#world;
    ledger.newReading(`/${bucket}/${prefix}`);
    const letGo = across ? ledger.heldInMemory(`/${bucket}/${prefix}`) : null;
    const groupId = await this.#world.submit(() =>
      this.#world.engine.call(`transfers.${what}`, {
        connectionId: this.#connectionId,
        bucket,
        items: [{ item: { key: prefix, folder: true }, targetKey: targetPrefix }],
        targetConnectionId,
        targetBucket,
        conflict: random.pick(['overwrite', 'ask', 'skip']),
      }),
    );
    this.#step(what, groupId, 1);
    if (!copies) this.#expectTree('never', 'moved away');
    this.#tree.bucket = targetBucket;
    this.#tree.prefix = targetPrefix;
    this.#expectTree('must');
    bump(counts, across ? 'across' : what);
    await watch.groupEnd(groupId);
    letGo?.();
  }

  async #remove(): Promise<void> {
    const { bucket, prefix, files } = this.#tree;
    const items = this.#random.chance(0.5)
      ? [{ key: prefix, folder: true }]
      : [...files.keys()].map((name) => ({ key: prefix + name, folder: false }));
    const groupId = await this.#world.submit(() =>
      this.#world.engine.call('transfers.remove', {
        connectionId: this.#connectionId,
        bucket,
        items,
      }),
    );
    this.#step('delete', groupId, items.length);
    this.#expectTree('never', 'deleted');
    await this.#world.watch.groupEnd(groupId);
  }

  async #writeSource(name: string, size: number): Promise<string> {
    const path = join(this.#source, name);
    await mkdir(dirname(path), { recursive: true });
    const { sha256 } = await writeContent(path, `${this.#random.seed}/${name}`, size);
    this.#tree.files.set(name, new Set([sha256]));
    return path;
  }

  #expectTree(presence: 'must' | 'may' | 'never', why = ''): void {
    const origin = this.#origin(why);
    for (const [name, contents] of this.#tree.files) {
      const { bucket, prefix } = this.#tree;
      this.#world.plan.expectObject(bucket, prefix + name, {
        presence,
        contents,
        origin,
      });
    }
  }

  #step(what: string, groupId: GroupId, leastRows: number): void {
    const end = what === 'denied' || what === 'cancelled' ? what : 'done';
    this.#world.plan.steps.push({ origin: this.#origin(what), groupId, end, leastRows });
  }

  #origin(what: string): string {
    this.#steps += 1;
    return `chain ${this.#index}, step ${this.#steps} ${what} as ${this.#connectionId}`;
  }

  /** The folder to upload: its name is the last of the tree's prefix. */
  get #source(): string {
    return join(this.#world.folder, 'sources', basename(this.#tree.prefix));
  }
}
