import { openInputs } from '../analyze.ts';
import { HEAD_BYTES } from '../digest/head.ts';
import { detectDocument } from '../formats/detect.ts';
import { type DeclaredFormat, logFormatsIn, parseLogFormat, readLogFormat } from '../formats/proxy/log-format.ts';
import { nginxConf } from '../formats/proxy/nginx-conf.ts';
import { FORMATS, formatsWith } from '../formats/registry.ts';
import { readSource } from '../input/bytes.ts';
import { decodeLine } from '../input/lines.ts';
import type { SourceFile } from '../input/source.ts';
import { COMBINED, seenInConfiguration } from './configured.ts';
import { type Remedy, remedyOf } from './remedies.ts';
import { type Seen, seenIn } from './seen.ts';
import { WANTED, type Want, type WantedOf } from './wants.ts';

/** What a log has and lacks of what a sure verdict needs. */
export interface CheckedLog {
  readonly source: string;
  readonly format: string;
  readonly title: string;
  /** Entries looked at; 0 where a configuration tells. */
  readonly entries: number;
  readonly has: readonly string[];
  readonly lacks: readonly { readonly field: string; readonly why: string }[];
}

/** What adds the fields that some logs lack. */
export interface Addition extends Remedy {
  readonly sources: readonly string[];
}

/** What logs and configurations have, lack, and how that is mended. */
export interface LogCheck {
  readonly logs: readonly CheckedLog[];
  readonly additions: readonly Addition[];
  /** Inputs that are no logs, could not be read or are damaged: in plain words. */
  readonly notes: readonly { readonly source: string; readonly note: string }[];
}

/** Configurations are text by hand. */
const LARGEST_CONFIGURATION = 2_000_000;

/**
 * Looks at the beginnings of logs, and at configurations of nginx: which fields they lack that a sure verdict needs, and what
 * adds them. Paths are those of an analysis. Throws nothing for what the inputs hold.
 */
export async function checkLogs(paths: readonly string[]): Promise<LogCheck> {
  const { sources, problems } = await openInputs(paths);
  const notes = problems.map(({ path, reason }) => ({ source: path, note: reason }));
  const configurations = new Map<SourceFile, string>();
  for (const source of sources) {
    const text = await configurationOf(source);
    if (text !== null) configurations.set(source, text);
  }
  const declared = [...configurations.values()].flatMap(logFormatsIn);
  const formats = formatsWith(declared.map(({ format }) => format));
  const seen: Seen[] = [];
  for (const source of sources) {
    const text = configurations.get(source);
    if (text !== undefined) {
      seen.push(...seenInConfiguration(source.label, text));
      continue;
    }
    const one = await seenIn(source, formats);
    seen.push(...one.seen);
    notes.push(...one.warnings.map((note) => ({ source: source.label, note })));
    if (one.seen.length === 0) notes.push({ source: source.label, note: 'no log that is known' });
  }
  return { ...judge(seen, [...declared, COMBINED]), notes };
}

/** The text of a source that is a configuration of nginx; null of any other. */
async function configurationOf(source: SourceFile): Promise<string | null> {
  if (source.bytes > LARGEST_CONFIGURATION || !source.reopens) return null;
  const blocks: Buffer[] = [];
  let size = 0;
  for await (const block of readSource(source)) {
    blocks.push(Buffer.from(block));
    size += block.length;
    if (size > LARGEST_CONFIGURATION || (blocks.length === 1 && !isConfiguration(block))) return null;
  }
  return size === 0 ? null : decodeLine(Buffer.concat(blocks));
}

function isConfiguration(beginning: Buffer): boolean {
  return detectDocument(decodeLine(beginning.subarray(0, HEAD_BYTES)), FORMATS) === nginxConf;
}

/** What each log has and lacks, and the remedies: one for all logs that take the same. */
export function judge(seen: readonly Seen[], declared: readonly DeclaredFormat[]): Omit<LogCheck, 'notes'> {
  const isZoneKnown = seen.some(
    ({ format, entries, fields }) => writesMachineZone(format) && entries > 0 && fields.has('zone'),
  );
  const additions = new Map<string, { remedy: Remedy; sources: string[] }>();
  const logs = seen.map((one): CheckedLog => {
    const checked = WANTED.filter(({ formats }) => formats.includes(one.format)).map((wanted) => {
      const asked = wanted.wants.filter((want) => isTold(one, want));
      const has = asked.flatMap((want) => nameOf(one, want) ?? []);
      const lacks = asked.filter((want) => nameOf(one, want) === undefined);
      // What times will look like is told by no configuration.
      const isAsked = wanted.by !== 'zone' || (one.entries > 0 && !isZoneKnown);
      return { wanted, has, lacks: isAsked ? lacks : [] };
    });
    for (const { wanted, lacks } of checked) if (lacks.length > 0) addTo(additions, one, wanted, lacks, declared);
    return {
      source: one.source,
      format: one.format,
      title: FORMATS.find(({ id }) => id === one.format)?.title ?? one.format,
      entries: one.entries,
      has: checked.flatMap((part) => part.has),
      lacks: checked.flatMap((part) => part.lacks.map(({ field, why }) => ({ field, why }))),
    };
  });
  return { logs, additions: [...additions.values()].map(({ remedy, sources }) => ({ sources, ...remedy })) };
}

/** Logs whose written zone is the machine's. */
function writesMachineZone(format: string): boolean {
  return format === 'nginx-access' || format === 'php-fpm-access' || format === 'journal';
}

function addTo(
  additions: Map<string, { remedy: Remedy; sources: string[] }>,
  seen: Seen,
  { by }: WantedOf,
  wants: readonly Want[],
  declared: readonly DeclaredFormat[],
): void {
  const remedy = remedyOf(by, {
    wants,
    fields: seen.fields,
    declared: formatOf(seen, declared),
    example: seen.example,
  });
  const key = JSON.stringify(remedy);
  const known = additions.get(key);
  if (known) known.sources.push(seen.source);
  else additions.set(key, { remedy, sources: [seen.source] });
}

/** The declared format of a log: by its name in a configuration, else the one that takes most pieces from its row. */
function formatOf({ source, example }: Seen, declared: readonly DeclaredFormat[]): DeclaredFormat | null {
  if (example === null) return declared.find(({ name }) => source.endsWith(`: log_format ${name}`)) ?? null;
  const fitting = declared
    .filter((one) => one !== COMBINED)
    .flatMap((one) => {
      const format = parseLogFormat(one.format);
      return format !== null && readLogFormat(format, example) !== null ? [{ one, pieces: format.pieces.length }] : [];
    });
  return fitting.sort((a, b) => b.pieces - a.pieces)[0]?.one ?? null;
}

/** Names compare without case and separators: exports through other systems write them so. */
const folded = (name: string): string => name.replace(/[_\-. ]/g, '').toLowerCase();

/** The name under which a log has what is wanted; undefined where it lacks it. */
function nameOf({ fields }: Seen, { field, or = [], lackingWhere }: Want): string | undefined {
  if (lackingWhere !== undefined) return fields.has(lackingWhere) ? undefined : field;
  const wanted = new Set([field, ...or].map(folded));
  const name = [...fields].find((one) => wanted.has(folded(one)));
  return name?.startsWith('level=') ? field : name;
}

/** Whether the log can tell at all: levels only where it writes them. */
function isTold({ fields }: Seen, { or = [] }: Want): boolean {
  return !or.some((name) => name.startsWith('level=')) || [...fields].some((name) => name.startsWith('level='));
}
