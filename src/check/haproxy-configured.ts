import { HTTPLOG_VARIABLES } from '../formats/proxy/haproxy.ts';
import { haproxyVariablesIn } from '../formats/proxy/haproxy-format.ts';
import { CONFIGURED, WITHOUT_LOG } from './haproxy.ts';
import type { ConfigurationFile, Seen } from './seen.ts';

/** What a section of the configuration says of its rows. */
interface Section {
  readonly kind: string;
  readonly name: string;
  isHttp: boolean;
  hasLog: boolean;
  /** `httplog`, `tcplog` …, or null where `log-format` came after it, or nothing. */
  option: string | null;
  format: string | null;
  /** The header fields that are captured, in their order. */
  readonly captures: string[];
}

const SECTION = /^(global|defaults|frontend|backend|listen|[a-z][\w-]{1,30})(?:\s{1,20}(\S{1,200}))?/;
const QUOTED = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|((?:[^\s\\]|\\.)+))/;
const CAPTURE =
  /^(?:capture\s+request\s+header\s+(\S{1,100})|http-request\s+capture\s+req\.f?hdr\(([^),]{1,100})[^)]{0,20}\))/;
const LONGEST_LINE = 8192;

/** What a line says of its section; each is given the words after its keyword. */
const KEYWORDS: Readonly<Record<string, (section: Section, rest: string) => void>> = {
  mode: (section, rest) => {
    section.isHttp = /^http\b/.test(rest);
  },
  log: (section) => {
    section.hasLog = true;
  },
  option: (section, rest) => {
    if (!/^(?:httplog|httpslog|tcplog)\b/.test(rest)) return;
    section.option = rest;
    section.format = null;
  },
  'log-format': (section, rest) => {
    const [, double, single, bare] = QUOTED.exec(rest) ?? [];
    section.format = double ?? single ?? bare ?? '';
    section.option = null;
  },
};

/** The sections that take requests, with what `defaults` before them say. */
function sectionsIn(text: string): Section[] {
  const found: Section[] = [];
  let defaults: Section = newSection('defaults', '');
  let section: Section = defaults;
  for (const line of text.split('\n')) {
    const words = line.slice(0, LONGEST_LINE).trim();
    if (words === '' || words.startsWith('#')) continue;
    const begin = /^\s/.test(line) ? null : SECTION.exec(words);
    if (begin !== null) {
      const [, kind = '', name = ''] = begin;
      const isDefaults = kind === 'defaults';
      section = { ...(isDefaults ? newSection(kind, name) : defaults), kind, name, captures: [] };
      if (isDefaults) defaults = section;
      if (kind === 'frontend' || kind === 'listen') found.push(section);
      continue;
    }
    const [keyword = ''] = words.split(/\s/, 1);
    KEYWORDS[keyword]?.(section, words.slice(keyword.length).trim());
    const capture = CAPTURE.exec(words);
    if (capture !== null) section.captures.push(capture[1] ?? capture[2] ?? '');
  }
  return found;
}

function newSection(kind: string, name: string): Section {
  return { kind, name, isHttp: false, hasLog: false, option: null, format: null, captures: [] };
}

/** An expression of a log format that stands for a header field, by the words in it. */
const EXPRESSIONS: readonly (readonly [pattern: RegExp, field: string])[] = [
  [/\bcf-ray\b|\bray\b/i, 'req.hdr(CF-Ray)'],
  [/\bhost\b/i, 'req.hdr(Host)'],
];
const SLOT = /^capture\.req\.hdr\((\d{1,2})\)/;

function headerFields(texts: readonly string[]): string[] {
  return texts.flatMap((text) => EXPRESSIONS.flatMap(([pattern, field]) => (pattern.test(text) ? [field] : [])));
}

function fieldsOf({ option, format, captures }: Section): string[] {
  if (format === null) {
    const isHttplog = option !== null && /^https?log(?!.{0,200}\bclf\b)/.test(option);
    return isHttplog ? [...HTTPLOG_VARIABLES, ...headerFields(captures)] : [];
  }
  const variables = haproxyVariablesIn(format);
  const inSlots = variables.flatMap((text) => captures[Number(SLOT.exec(text)?.[1] ?? -1)] ?? []);
  const written = variables.includes('%hr') ? captures : inSlots;
  return [...variables, ...headerFields([...written, ...variables])];
}

/** What a configuration of HAProxy says of the rows of each frontend that speaks HTTP. */
export function seenInHaproxy({ label, text }: ConfigurationFile): Seen[] {
  return sectionsIn(text)
    .filter(({ isHttp }) => isHttp)
    .map((section) => ({
      source: `${label}: ${section.kind} ${section.name}`,
      format: 'haproxy',
      entries: 0,
      fields: new Set([CONFIGURED, ...(section.hasLog ? [] : [WITHOUT_LOG]), ...fieldsOf(section)]),
      example: null,
      ...(section.format === null ? {} : { declared: { name: section.name, format: section.format } }),
    }));
}
