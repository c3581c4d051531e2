import { parseLogFormat, variablesIn } from '../formats/proxy/log-format.ts';
import { type PercentFormat, percentFormatsIn } from '../formats/proxy/percent-format.ts';
import { INTO_SYSLOG, SILENT_ON_PROXY, usualFormats } from './apache.ts';
import type { ConfigurationFile, Seen } from './seen.ts';
import { LEVEL } from './want.ts';

/** A directive of Apache's configuration and the virtual host in which it stands, counted from 1; 0 outside of all. */
interface Directive {
  readonly name: string;
  readonly words: readonly string[];
  readonly host: number;
}

const WORD = /"((?:[^"\\]|\\.)*)"|([^\s"]\S*)/g;
const LONGEST_LINE = 8192;

function directivesIn(text: string): Directive[] {
  const found: Directive[] = [];
  let hosts = 0;
  let host = 0;
  for (const line of text.replace(/\\\r?\n/g, ' ').split('\n')) {
    const [name = '', ...words] = [...line.slice(0, LONGEST_LINE).trim().matchAll(WORD)].map(
      ([, quoted, bare]) => quoted ?? bare ?? '',
    );
    const lower = name.toLowerCase();
    if (lower === '<virtualhost') host = ++hosts;
    else if (lower === '</virtualhost>') host = 0;
    else if (!name.startsWith('#')) found.push({ name: lower, words, host });
  }
  return found;
}

/** Levels at which Apache leaves out why it made a 502, 503 or 504 (core, LogLevel). */
const WITHOUT_REASONS = '(?:crit|alert|emerg)';
/** A level of its own for one of the modules that speak of backends. */
const OF_PROXY = new RegExp(`^(?:mod_)?(?:proxy\\w{0,40}|fcgid)(?:_module|\\.c)?:${WITHOUT_REASONS}$`);
const SILENT = new RegExp(`^${WITHOUT_REASONS}$`);
/** The default. */
const WARN = 'warn';

function levelFields(words: readonly string[]): string[] {
  const general = words.find((word) => !word.includes(':')) ?? WARN;
  const isSilent = SILENT.test(general) || words.some((word) => OF_PROXY.test(word));
  return [`${LEVEL}${general}`, ...(isSilent ? [SILENT_ON_PROXY] : [])];
}

/** A file with its directives and the formats that it declares. */
interface Parsed {
  readonly file: ConfigurationFile;
  readonly directives: readonly Directive[];
  readonly formats: readonly PercentFormat[];
}

/** What the directives of a name say in a virtual host; else outside of all, in this file or another. */
function inForce(name: string, host: number, own: readonly Directive[], all: readonly Directive[]): readonly string[] {
  const fitting = (directives: readonly Directive[], at: number) =>
    directives.findLast((one) => one.name === name && one.host === at)?.words;
  return fitting(own, host) ?? fitting(own, 0) ?? fitting(all, 0) ?? [];
}

/**
 * What configurations of Apache say of its logs, file by file: the fields of each `CustomLog`, by the formats of all files; the level and
 * the format of each `ErrorLog`. Formats are told by themselves where no file says which are used.
 */
export function seenInApache(files: readonly ConfigurationFile[]): Seen[][] {
  const parsed = files.map(
    (file): Parsed => ({ file, directives: directivesIn(file.text), formats: percentFormatsIn(file.text) }),
  );
  const all = parsed.flatMap(({ directives }) => directives).filter(({ host }) => host === 0);
  const named = [...parsed.flatMap(({ formats }) => formats), ...usualFormats('%O')];
  const isUsed = parsed.some(({ directives }) => directives.some(({ name }) => name === 'customlog'));
  return parsed.map((one) => [...(isUsed ? accessLogs(one, named) : unusedFormats(one)), ...errorLogs(one, all)]);
}

function accessLogs({ file, directives, formats }: Parsed, named: readonly PercentFormat[]): Seen[] {
  return directives
    .filter(({ name }) => name === 'customlog')
    .flatMap(({ words: [path = '', written = ''] }) => {
      const format = [...formats, ...named].find(({ name }) => name === written) ?? { name: '', format: written };
      return seenByFormat(`${file.label}: CustomLog ${path}`, format, path);
    });
}

function unusedFormats({ file, formats }: Parsed): Seen[] {
  return formats.flatMap((format) => seenByFormat(`${file.label}: LogFormat ${format.name}`, format));
}

function errorLogs({ file, directives }: Parsed, all: readonly Directive[]): Seen[] {
  return directives
    .filter(({ name }) => name === 'errorlog')
    .map(({ words: [path = ''], host }) => {
      const [format] = inForce('errorlogformat', host, directives, all);
      return {
        source: `${file.label}: ErrorLog ${path}`,
        format: 'apache-error',
        entries: 0,
        fields: new Set([
          ...levelFields(inForce('loglevel', host, directives, all)),
          ...(path.startsWith('syslog') ? [INTO_SYSLOG] : []),
          ...['client', ...(format?.includes('%L') ? ['%L'] : [])],
        ]),
        example: null,
        log: path,
        ...(format === undefined ? {} : { declared: { name: '', format } }),
      };
    });
}

/** Nothing where a format has no status or no time: it is none of requests (`%{Referer}i -> %U`). */
function seenByFormat(source: string, format: PercentFormat, log?: string): Seen[] {
  const parsed = parseLogFormat(format.format);
  if (parsed === null) return [];
  const one: Seen = {
    source,
    format: 'apache-access',
    entries: 0,
    fields: new Set(variablesIn(parsed)),
    example: null,
    declared: format,
    ...(log === undefined ? {} : { log }),
  };
  return [one];
}
