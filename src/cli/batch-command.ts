import { type BatchEvent, type BatchOutcome, batch, rebuild } from '../batch/batch.ts';
import { KEY_WANTED, readKey } from '../batch/redact-key.ts';
import { USUAL_CALM_HOURS } from '../batch/split.ts';
import { formatBytes, formatDuration } from '../report/figures.ts';
import { FORMATS_OF_REPORTS, type ReportFormat } from '../report/render.ts';
import { visible } from '../report/visible.ts';
import { EXIT } from './exit-codes.ts';
import { jobsProblem, type LogFlags, logFlagsProblem, logOptionsOf } from './log-flags.ts';
import { takeStopSignals } from './stop-signals.ts';
import { complain, tell } from './tell.ts';
import { writeReason } from './write-reason.ts';

/** Options of `whose502 batch` as commander hands them over. */
export interface BatchFlags extends LogFlags {
  readonly out: string;
  readonly formats?: string;
  readonly rebuild?: boolean;
  /** Hours, or true where they were not named. */
  readonly split?: string | true;
  readonly redactKey?: string;
  readonly redactHosts?: boolean;
  readonly jobs?: string;
  readonly quiet?: boolean;
}

const DEFAULT_FORMATS = 'html,json';
const USUAL_COLUMNS = 80;

/** Runs a batch and says what it came to; returns the exit code. */
export async function batchCommand(paths: readonly string[], flags: BatchFlags): Promise<number> {
  const formats = formatsOf(flags.formats ?? DEFAULT_FORMATS);
  const problem =
    typeof formats === 'string'
      ? formats
      : (pathsProblem(paths, flags) ?? logFlagsProblem(flags) ?? jobsProblem(flags.jobs) ?? splitProblem(flags.split));
  if (problem !== null) return complain(problem, EXIT.usage);
  const key = flags.redactKey === undefined ? undefined : readKey(flags.redactKey);
  if (key === null) return complain(`--redact-key ${flags.redactKey}: ${KEY_WANTED}`, EXIT.usage);
  const progress = progressOf(flags.quiet === true);
  const stops = takeStopSignals();
  let [toDo, done] = [0, 0];
  const options = {
    ...logOptionsOf(flags),
    redactKey: key,
    redactHosts: flags.redactHosts,
    splitHours: flags.split === undefined ? undefined : flags.split === true ? USUAL_CALM_HOURS : Number(flags.split),
    out: flags.out,
    formats: typeof formats === 'string' ? [] : formats,
    jobs: flags.jobs === undefined ? undefined : Number(flags.jobs),
    signal: stops.signal,
    onEvent: (event: BatchEvent) => {
      progress.onEvent(event);
      if (event.kind === 'found') [toDo, done] = [event.incidents + event.done, event.done];
      else if (event.kind === 'finished') done++;
    },
  };
  try {
    const outcome = flags.rebuild === true ? await rebuild(options) : await batch(paths, options);
    progress.clear();
    return told(outcome, flags);
  } catch (error) {
    progress.clear();
    if (stops.signal.aborted) {
      tell(
        `stopped: ${done} of ${toDo} incidents are done and kept in ${flags.out}; the same command goes on with the others`,
      );
      stops.end();
    }
    const kept = toDo > 0 ? '. What is finished there is kept; the same command goes on' : '';
    return complain(`${flags.out}: the batch stopped: ${writeReason(error)}${kept}`, EXIT.partial);
  } finally {
    stops.release();
  }
}

/** The formats of a list such as `html,json`, or what is wrong with it. */
function formatsOf(list: string): readonly ReportFormat[] | string {
  const names = list.split(',').map((name) => name.trim().toLowerCase());
  const formats = FORMATS_OF_REPORTS.filter((format) => names.includes(format));
  const unknown = names.find((name) => !FORMATS_OF_REPORTS.some((format) => format === name));
  return unknown === undefined
    ? formats
    : `--formats ${list}: use some of ${FORMATS_OF_REPORTS.join(', ')}, with commas`;
}

function splitProblem(hours: BatchFlags['split']): string | null {
  const right = hours === undefined || hours === true || (/^\d{1,4}(?:\.\d)?$/.test(hours) && Number(hours) > 0);
  return right
    ? null
    : `--split ${hours}: use hours of calm between two incidents, such as 6 or 0.5; without hours write it behind the paths`;
}

function pathsProblem(paths: readonly string[], flags: BatchFlags): string | null {
  if (flags.rebuild === true)
    return paths.length === 0 ? null : '--rebuild draws from what is stored in --out and reads no logs: leave them out';
  return paths.length === 0 ? 'name the folders or archives of incidents (whose502 batch --help)' : null;
}

/** Says what was done and what went wrong; gives the exit code. */
function told({ outcomes, problems }: BatchOutcome, flags: BatchFlags): number {
  for (const { path, reason } of problems) complain(visible(`${path}: ${reason}`), EXIT.partial);
  const broken = outcomes.filter(({ entry }) => entry.problems.length > 0);
  for (const { entry } of broken) complain(`${entry.name}: ${entry.problems.join('; ')}`, EXIT.partial);
  if (outcomes.length === 0) return complain('no incident was found', EXIT.nothingUnderstood);
  if (flags.quiet !== true) {
    const count = (how: string): number => outcomes.filter((outcome) => outcome.how === how).length;
    const parts = [
      `${outcomes.length} incidents`,
      `${count('analysed')} analysed`,
      `${count('drawn')} drawn again`,
      `${count('done')} done before`,
      `${broken.length} with problems`,
    ].filter((part) => !part.startsWith('0 '));
    tell(`${parts.join(', ')}`);
    process.stdout.write(`${flags.out.replace(/\/+$/, '')}/index.html\n`);
  }
  if (outcomes.some(({ how }) => how === 'leaked')) return EXIT.leak;
  return broken.length > 0 || problems.some(({ named }) => named) ? EXIT.partial : EXIT.analysed;
}

/** Shows on standard error how far the batch is, on a terminal only; `clear` takes it away. */
function progressOf(quiet: boolean): { readonly onEvent: (event: BatchEvent) => void; readonly clear: () => void } {
  if (quiet || process.stderr.isTTY !== true) return { onEvent: () => {}, clear: () => {} };
  const startedMs = performance.now();
  const underWay = new Map<string, number>();
  let [incidents, ofIncidents, bytes, ofBytes] = [0, 0, 0, 0];
  const show = (): void => {
    const done = [...underWay.values()].reduce((sum, read) => sum + read, bytes);
    const seconds = (performance.now() - startedMs) / 1000;
    const rate = done / Math.max(seconds, 0.001);
    const left = done > 0 && done < ofBytes ? `, ${formatDuration(((ofBytes - done) / rate) * 1000)} left` : '';
    const text = `${incidents} of ${ofIncidents} incidents, ${formatBytes(done)} of ${formatBytes(ofBytes)}, ${formatBytes(rate)}/s${left}: ${visible([...underWay.keys()].join(', '))}`;
    process.stderr.write(`\r\x1b[K${text.slice(0, (process.stderr.columns || USUAL_COLUMNS) - 1)}`);
  };
  return {
    onEvent: (event) => {
      if (event.kind === 'found') [ofIncidents, ofBytes] = [event.incidents, event.bytes];
      else if (event.kind === 'started') underWay.set(event.name, 0);
      else if (event.kind === 'read') underWay.set(event.name, event.bytes);
      else {
        underWay.delete(event.name);
        incidents += 1;
        bytes += event.outcomes[0]?.entry.bytes ?? 0;
      }
      show();
    },
    clear: () => void process.stderr.write('\r\x1b[K'),
  };
}
