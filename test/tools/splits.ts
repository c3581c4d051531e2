import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { concludeInParts, type Reading, readLogs } from '../../src/analyze.ts';
import { cutByCalm, USUAL_CALM_HOURS } from '../../src/batch/split.ts';
import type { Result } from '../../src/result/schema.ts';
import { type Chance, chanceOf, whole } from './accuracy/chance.ts';
import { labelledFolders } from './accuracy/truth.ts';
import { type Layout, type Piece, splice } from './splits/splice.ts';

const USAGE = `npm run splits -- <folder of labelled incidents> [--count 30] [--seed 1] [--only id,id] [--keep]

Puts two to six labelled incidents one after the other into a long archive, cuts it by its calm as batch --split does, and
says where an incident is judged otherwise than alone. truth.json needs windowUtc, zone and skewSeconds; incidents of some hours
with calm around them tell most. --only id,id: these, in this order, with --layout machines side by side. --keep: leaves the
archives where they are and names them.`;

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** More calm than parts two incidents, and what clocks may be wrong by. */
const LEAST_CALM_MS = (USUAL_CALM_HOURS + 1) * HOUR_MS;

/** A burst as it is compared. */
interface Said {
  readonly place: string;
  readonly cause: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly failed: number;
  readonly confidence: number;
}

interface Candidate {
  readonly id: string;
  readonly logs: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** What the machine's zone is off UTC at both ends, so many days later. */
  readonly offsets: (days: number) => string;
  readonly skewSeconds: number;
  /** Names of the machines that its lines tell. */
  readonly servers: readonly string[];
  readonly alone: readonly Said[];
}

function saidBy({ bursts }: Result): Said[] {
  return bursts
    .map(({ verdict, start, end, requests }) => ({
      place: verdict.place,
      cause: verdict.cause,
      startMs: Date.parse(start),
      endMs: Date.parse(end),
      failed: requests.failed,
      confidence: verdict.confidence,
    }))
    .sort((a, b) => a.startMs - b.startMs);
}

/** What the analysis says of each part of an archive. */
function parts(reading: Reading, calmHours: number): readonly Said[][] {
  const analyses = concludeInParts(reading, {}, (failures) => cutByCalm(failures, calmHours * HOUR_MS));
  return [...analyses].map(([{ result }]) => saidBy(result));
}

async function candidateOf(folder: string): Promise<Candidate> {
  const truth = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8'));
  const [from, to] = truth.windowUtc;
  const logs = join(folder, 'logs');
  const reading = await readLogs([logs], {});
  const servers = [...new Set(reading.digest.streams.flatMap(({ server }) => server ?? []))];
  const alone = parts(reading, 1e6).flat();
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const offsets = (days: number): string => [fromMs, toMs].map((ms) => offsetOf(truth.zone, ms + days * DAY_MS)).join();
  return { id: basename(folder), logs, fromMs, toMs, offsets, skewSeconds: truth.skewSeconds, servers, alone };
}

function offsetOf(zone: string, ms: number): string {
  return new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).format(ms).split(', ')[1] ?? '';
}

/** The incidents one after the other, each as many whole days later as it takes. */
function inOrder(chosen: readonly Candidate[]): Piece[] {
  let endMs = Number.NEGATIVE_INFINITY;
  return chosen.map(({ id, logs, fromMs, toMs, offsets, servers }) => {
    let days = endMs === Number.NEGATIVE_INFINITY ? 0 : Math.ceil((endMs + LEAST_CALM_MS - fromMs) / DAY_MS);
    // Stamps keep what they show of their zone.
    while (offsets(days) !== offsets(0)) days++;
    endMs = toMs + days * DAY_MS;
    return { id, logs, servers, move: { fromMs, toMs, days } };
  });
}

function shown({ place, cause, startMs, failed, confidence }: Said): string {
  return `${place} ${cause} ${new Date(startMs).toISOString()} ${failed} failed, ${Math.round(100 * confidence)} %`;
}

const OVERLAP_MS = 5000;

/** Where the parts of an archive say something else than the incidents in it alone. */
function differences(chosen: readonly Candidate[], pieces: readonly Piece[], found: readonly Said[][]): string[] {
  const told: string[] = [];
  const matched = new Set<Said>();
  for (const [i, { id, alone }] of chosen.entries()) {
    const shiftMs = (pieces[i]?.move.days ?? 0) * DAY_MS;
    for (const burst of alone) {
      const startMs = burst.startMs + shiftMs;
      const same = found
        .flat()
        .filter((said) => !matched.has(said) && said.startMs <= burst.endMs + shiftMs && said.endMs >= startMs)
        .sort((a, b) => Number(b.cause === burst.cause) - Number(a.cause === burst.cause))[0];
      if (same === undefined) told.push(`${id}: not found: ${shown(burst)}`);
      else {
        matched.add(same);
        const far = Math.max(Math.abs(same.startMs - startMs), Math.abs(same.endMs - burst.endMs - shiftMs));
        if (same.place !== burst.place || same.cause !== burst.cause || far > OVERLAP_MS)
          told.push(`${id}: ${shown(burst)} is ${shown(same)}${far > OVERLAP_MS ? `, ${far / 1000} s off` : ''}`);
      }
    }
  }
  for (const said of found.flat()) if (!matched.has(said)) told.push(`of no incident: ${shown(said)}`);
  return told;
}

function chosenFrom(candidates: readonly Candidate[], layout: Layout, chance: Chance): readonly Candidate[] {
  const count = whole(chance, 2, 7);
  const first = candidates[whole(chance, 0, candidates.length)];
  const isOfMachine = ({ offsets, skewSeconds }: Candidate): boolean =>
    offsets(0) === first?.offsets(0) && new Set(offsets(0).split(',')).size === 1 && skewSeconds === first.skewSeconds;
  const fitting = candidates.filter((one) => layout === 'machines' || isOfMachine(one));
  if (fitting.length < 2) return [];
  const left = [...fitting];
  return Array.from({ length: Math.min(count, left.length) }, () =>
    left.splice(whole(chance, 0, left.length), 1),
  ).flat();
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    layout: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});

const folders = positionals.flatMap(labelledFolders);
if (folders.length === 0) console.log(USAGE);
else {
  const only = options.only?.split(',');
  const candidates: Candidate[] = [];
  for (const folder of folders)
    if (only === undefined || only.includes(basename(folder))) candidates.push(await candidateOf(folder));
  let [archives, bursts, different] = [0, 0, 0];
  for (let number = Number(options.seed); archives < Number(options.count); number++) {
    const chance = chanceOf(`splice ${number}`);
    const layout: Layout =
      options.layout === 'machines' || (options.layout === undefined && chance() < 0.4) ? 'machines' : 'one machine';
    const chosen = only
      ? only.flatMap((id) => candidates.filter((one) => one.id === id))
      : chosenFrom(candidates, layout, chance);
    if (chosen.length < 2) continue;
    const out = mkdtempSync(join(tmpdir(), 'whose502-splice-'));
    const pieces = inOrder(chosen);
    splice(pieces, layout, out);
    const found = parts(await readLogs([out], {}), USUAL_CALM_HOURS);
    const told = differences(chosen, pieces, found);
    archives++;
    bursts += chosen.reduce((sum, { alone }) => sum + alone.length, 0);
    different += told.length;
    console.log(
      `${number} ${layout}: ${chosen.map(({ id }) => id).join(' ')}: ${found.length} incidents${told.length === 0 ? '' : `, ${told.length} DIFFER`}`,
    );
    for (const line of told) console.log(`    ${line}`);
    if (options.keep) console.log(`    ${out}`);
    else rmSync(out, { recursive: true });
    if (only) break;
  }
  console.log(`${archives} archives, ${bursts} bursts; ${different} differences`);
}
