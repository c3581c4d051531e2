import { openInputs } from '../analyze.ts';
import { HEAD_BYTES } from '../digest/head.ts';
import { detectDocument } from '../formats/detect.ts';
import { parseLogFormat, readLogFormat } from '../formats/proxy/log-format.ts';
import { isPercentFormat } from '../formats/proxy/percent-format.ts';
import { FORMATS, formatsWith } from '../formats/registry.ts';
import { readSource } from '../input/bytes.ts';
import { decodeLine } from '../input/lines.ts';
import type { SourceFile } from '../input/source.ts';
import { CONFIGURED, type Configured } from './configured.ts';
import { COMBINED } from './nginx-configured.ts';
import { remedyOf } from './remedies.ts';
import { baseName, type NamedFormat, type Remedy, unrotatedName } from './remedy.ts';
import { type ConfigurationFile, type Seen, type SeenInSource, seenIn } from './seen.ts';
import { APACHE_ACCESS, servedBy } from './server.ts';
import type { Want, WantedOf } from './want.ts';
import { WANTED } from './wants.ts';

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

/** What a log is called of which only the check knows whose it is. */
const TITLES: Readonly<Record<string, string>> = { [APACHE_ACCESS]: 'Apache access log' };

/**
 * Looks at the beginnings of logs, and at configurations of web servers: which fields they lack that a sure verdict needs, and what
 * adds them. Paths are those of an analysis. Throws nothing for what the inputs hold.
 */
export async function checkLogs(paths: readonly string[]): Promise<LogCheck> {
  const { sources, problems } = await openInputs(paths);
  const notes = problems.map(({ path, reason }) => ({ source: path, note: reason }));
  const configurations: Configuration[] = [];
  for (const source of sources) {
    const configuration = await configurationOf(source);
    if (configuration !== null) configurations.push(configuration);
  }
  const declared = configurations.flatMap(({ server, file }) => server.declared(file.text));
  const formats = formatsWith(declared.map(({ format }) => format));
  const told = toldByConfigurations(configurations);
  const seen: Seen[] = [];
  for (const source of sources) {
    const one = told.get(source) ?? (await seenIn(source, formats));
    seen.push(...one.seen.map((log) => ({ ...log, path: source.path })));
    const unread = one.seen.flatMap((log) => (log.example === null ? (log.unread ?? []) : []));
    const unknown = one.seen.length === 0 && !told.has(source) ? ['no log that is known'] : [];
    notes.push(...[...one.warnings, ...unread, ...unknown].map((note) => ({ source: source.label, note })));
  }
  return { ...judge(seen, [...declared, COMBINED]), notes };
}

/** A configuration among the inputs, and whose it is. */
interface Configuration {
  readonly source: SourceFile;
  readonly server: Configured;
  readonly file: ConfigurationFile;
}

/** What the configurations say of logs. They are warned of where none of their server says anything. */
function toldByConfigurations(all: readonly Configuration[]): Map<SourceFile, SeenInSource> {
  const told = new Map<SourceFile, SeenInSource>();
  for (const server of CONFIGURED) {
    const alike = all.filter((one) => one.server === server);
    const seen = server.seen(alike.map(({ file }) => file));
    const isSilent = seen.every((logs) => logs.length === 0);
    const warnings = isSilent ? [`${server.document.title} that says nothing of a log of requests`] : [];
    for (const [i, { source }] of alike.entries()) told.set(source, { seen: seen[i] ?? [], warnings });
  }
  return told;
}

/** A source that is a configuration of a server that is known; null for any other. */
async function configurationOf(source: SourceFile): Promise<Configuration | null> {
  if (source.bytes > LARGEST_CONFIGURATION || !source.reopens) return null;
  const blocks: Buffer[] = [];
  let size = 0;
  let server: Configured | undefined;
  for await (const block of readSource(source)) {
    blocks.push(Buffer.from(block));
    size += block.length;
    if (blocks.length === 1) server = configuredIn(block);
    if (server === undefined || size > LARGEST_CONFIGURATION) return null;
  }
  return server === undefined
    ? null
    : { source, server, file: { label: source.label, text: decodeLine(Buffer.concat(blocks)) } };
}

function configuredIn(beginning: Buffer): Configured | undefined {
  const found = detectDocument(decodeLine(beginning.subarray(0, HEAD_BYTES)), FORMATS);
  return CONFIGURED.find(({ document }) => document === found);
}

/** What each log has and lacks, and the remedies: one for all logs that take the same. */
export function judge(all: readonly Seen[], declared: readonly NamedFormat[]): Omit<LogCheck, 'notes'> {
  const seen = servedBy(all);
  const formats = new Set(seen.map(({ format }) => format));
  const isZoneKnown = seen.some(
    ({ format, entries, fields }) => writesMachineZone(format) && entries > 0 && fields.has('zone'),
  );
  const additions = new Map<string, { remedy: Remedy; sources: string[] }>();
  const logs = seen.map((one): CheckedLog => {
    const checked = WANTED.filter((wanted) => isAskedOf(wanted, one, formats)).map((wanted) => {
      const asked = wanted.wants.filter((want) => isTold(one, want));
      const has = asked.flatMap((want) => nameOf(one, want) ?? []);
      const lacks = asked.filter((want) => nameOf(one, want) === undefined);
      // What times will look like is told by no configuration.
      const isAsked = wanted.by !== 'zone' || (one.entries > 0 && !isZoneKnown);
      return { wanted, has, lacks: isAsked ? lacks : [] };
    });
    for (const { wanted, lacks } of checked)
      if (lacks.length > 0) addTo(additions, { ...one, ...placeOf(one, seen) }, wanted, lacks, declared);
    return {
      source: one.source,
      format: one.format,
      title: TITLES[one.format] ?? FORMATS.find(({ id }) => id === one.format)?.title ?? one.format,
      entries: one.entries,
      has: checked.flatMap((part) => part.has),
      lacks: checked.flatMap((part) => part.lacks.map(({ field, why }) => ({ field, why }))),
    };
  });
  return { logs, additions: [...additions.values()].map(({ remedy, sources }) => ({ sources, ...remedy })) };
}

/** Whether a log of this format can have these fields, among the inputs that there are. */
function isAskedOf({ formats, unlessThereIs, ofRows }: WantedOf, one: Seen, all: ReadonlySet<string>): boolean {
  if (!formats.includes(one.format) || (unlessThereIs !== undefined && all.has(unlessThereIs))) return false;
  return ofRows === undefined || one.entries === 0 || one.example !== null || one.unread !== undefined;
}

/** Where a configuration has a log written to, told by its name, also of one that was put away. */
function placeOf({ source, format, log }: Seen, all: readonly Seen[]): { readonly log?: string } {
  const name = unrotatedName(source);
  const place =
    log ?? all.find((one) => one.format === format && one.log !== undefined && baseName(one.log) === name)?.log;
  return place === undefined ? {} : { log: place };
}

/** Logs whose written zone is the machine's. */
function writesMachineZone(format: string): boolean {
  return format === 'nginx-access' || format === APACHE_ACCESS || format === 'php-fpm-access' || format === 'journal';
}

function addTo(
  additions: Map<string, { remedy: Remedy; sources: string[] }>,
  seen: Seen,
  { by }: WantedOf,
  wants: readonly Want[],
  declared: readonly NamedFormat[],
): void {
  const remedy = remedyOf(by, {
    wants,
    fields: seen.fields,
    declared: formatOf(seen, declared),
    example: seen.example,
    source: seen.source,
    log: seen.log ?? null,
  });
  const key = JSON.stringify(remedy);
  const known = additions.get(key);
  if (known) known.sources.push(seen.source);
  else additions.set(key, { remedy, sources: [seen.source] });
}

/** The format of a log: as its configuration says, else the declared one that takes most pieces from its row. */
function formatOf(seen: Seen, declared: readonly NamedFormat[]): NamedFormat | null {
  const { example } = seen;
  if (example === null) return seen.declared ?? null;
  const fitting = declared
    .filter((one) => one !== COMBINED && isPercentFormat(one.format) === (seen.format === APACHE_ACCESS))
    .flatMap((one) => {
      const format = parseLogFormat(one.format);
      return format !== null && readLogFormat(format, example) !== null ? [{ one, pieces: format.pieces.length }] : [];
    });
  return fitting.sort((a, b) => b.pieces - a.pieces)[0]?.one ?? null;
}

/** Names compare without case and separators: exports through other systems write them so. `%t` and `%T` are two things. */
const folded = (name: string): string => (name.startsWith('%') ? name : name.replace(/[_\-. ]/g, '').toLowerCase());

/** The name under which a log has what is wanted; undefined where it lacks it. */
function nameOf({ fields }: Seen, { field, seenAs, or = [], lackingWhere }: Want): string | undefined {
  if (lackingWhere !== undefined) return fields.has(lackingWhere) ? undefined : field;
  if (seenAs?.some((name) => fields.has(name))) return field;
  const wanted = new Set([field, ...or].map(folded));
  return [...fields].find((one) => wanted.has(folded(one)));
}

/** Whether the log can tell at all. */
function isTold({ fields }: Seen, { toldBy }: Want): boolean {
  return toldBy === undefined || [...fields].some((name) => name.startsWith(toldBy));
}
