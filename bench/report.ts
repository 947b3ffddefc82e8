import { cpus, release, totalmem, type } from 'node:os';
import { median, ratio } from './measure/statistics.ts';

/** One measured run. */
export interface Sample {
  readonly wallS: number;
  readonly cpuS: number;
  readonly rssMiB: number;
  /** How content was protected or checked, such as `sha256+md5`. */
  readonly tier: string;
  /** CPU seconds of the null server meanwhile. */
  readonly serverCpuS: number;
}

/** All runs of a tool in a case. */
export interface Measured {
  readonly tool: string;
  readonly version: string;
  /** Dipper itself, in some configuration. */
  readonly own: boolean;
  readonly samples: readonly Sample[];
  /** Why there are no (more) samples. */
  readonly problem: string | null;
}

/** Medians of a tool in a case. */
export interface CaseResult {
  readonly tool: string;
  readonly version: string;
  readonly wallS: number;
  readonly cpuS: number;
  readonly rssMiB: number;
  readonly tier: string;
  readonly rounds: number;
  /** Share of the time the null server was at work; near 1 it was the bottleneck. */
  readonly serverBusy: number;
}

/** A case with one configuration of Dipper and every peer. */
export interface CaseReport {
  readonly name: string;
  readonly tls: boolean;
  readonly results: readonly CaseResult[];
  /** Dipper's tier: only peers of the same count for the ratios. */
  readonly tier: string;
  /** Dipper ÷ the best peer of the tier; `null`: there is none. */
  readonly ratioToBestPeerCpu: number | null;
  readonly ratioToBestPeerWall: number | null;
  /** Tools that failed, and how. */
  readonly problems: readonly string[];
}

/** The whole of a bench. */
export interface BenchReport {
  readonly machine: Machine;
  readonly date: string;
  readonly rounds: number;
  readonly quick: boolean;
  readonly cases: readonly CaseReport[];
  /** What Dipper did alone: name to figures. */
  readonly alone: Readonly<Record<string, Readonly<Record<string, number | string>>>>;
}

/** What the figures belong to. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
}

/** This machine. */
export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
  };
}

/** Medians per tool; one case for every configuration of Dipper. */
export function reportCase(
  name: string,
  tls: boolean,
  measured: readonly Measured[],
): readonly CaseReport[] {
  const results = measured.flatMap((tool) =>
    tool.samples.length === 0 ? [] : [{ own: tool.own, result: summarise(tool) }],
  );
  const problems = measured.flatMap(({ tool, problem }) =>
    problem === null ? [] : [`${tool}: ${problem}`],
  );
  const peers = results.filter(({ own }) => !own).map(({ result }) => result);
  const ours = results.filter(({ own }) => own).map(({ result }) => result);
  return ours.map((mine) => {
    const same = peers.filter(({ tier }) => tier === mine.tier);
    const best = (pick: (result: CaseResult) => number): number | undefined =>
      same.length === 0 ? undefined : Math.min(...same.map(pick));
    return {
      name,
      tls,
      results: [mine, ...peers],
      tier: mine.tier,
      ratioToBestPeerCpu: ratio(
        mine.cpuS,
        best(({ cpuS }) => cpuS),
      ),
      ratioToBestPeerWall: ratio(
        mine.wallS,
        best(({ wallS }) => wallS),
      ),
      problems,
    };
  });
}

function summarise({ tool, version, samples }: Measured): CaseResult {
  const of = (pick: (sample: Sample) => number): number => median(samples.map(pick));
  return {
    tool,
    version,
    wallS: round(of(({ wallS }) => wallS)),
    cpuS: round(of(({ cpuS }) => cpuS)),
    rssMiB: Math.round(of(({ rssMiB }) => rssMiB)),
    tier: [...new Set(samples.map(({ tier }) => tier))].join(' or '),
    rounds: samples.length,
    serverBusy: round(of(({ serverCpuS, wallS }) => serverCpuS / wallS)),
  };
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

/** The report as Markdown, for the terminal and for the docs. */
export function renderReport(report: BenchReport): string {
  const { machine } = report;
  const lines = [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}. ${report.date}, medians of ${report.rounds} rounds${report.quick ? ', quick sizes' : ''}.`,
    '',
    '| Case | Tool | Tier | Wall s | CPU s | RSS MiB | Server busy | CPU ÷ best | Wall ÷ best |',
    '|---|---|---|---:|---:|---:|---:|---:|---:|',
  ];
  for (const entry of report.cases) {
    const title = `${entry.name}, ${entry.tls ? 'https' : 'http'}`;
    entry.results.forEach((result, index) => {
      const first = index === 0;
      lines.push(
        row(
          first ? title : '',
          `${result.tool} ${result.version}`,
          result.tier,
          result.wallS.toFixed(2),
          result.cpuS.toFixed(2),
          String(result.rssMiB),
          `${Math.round(result.serverBusy * 100)} %`,
          first ? times(entry.ratioToBestPeerCpu) : '',
          first ? times(entry.ratioToBestPeerWall) : '',
        ),
      );
    });
  }
  const problems = new Set(
    report.cases.flatMap(({ name, tls, problems: all }) =>
      all.map((problem) => `- ${name}, ${tls ? 'https' : 'http'}: ${problem}`),
    ),
  );
  if (problems.size > 0) lines.push('', 'Not measured:', '', ...problems);
  for (const [name, figures] of Object.entries(report.alone)) {
    const texts = Object.entries(figures).map(([what, value]) => `${what} ${value}`);
    lines.push('', `**Dipper alone: ${name}.** ${texts.join(', ')}.`);
  }
  return lines.join('\n');
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function times(value: number | null): string {
  return value === null ? '–' : value.toFixed(2);
}
