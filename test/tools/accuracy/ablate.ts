import type { Result } from '../../../src/result/schema.ts';
import { bytesOf, entriesOf, type Files, linesOf, withChanges } from './folder.ts';
import type { Variant } from './variants.ts';

/** Evidence of at least this many decibans is decisive enough to be taken away. */
const HEAVY_DECIBANS = 9;
/** Quoted lines are examples: what looks like them is removed until the signal is no longer quoted. */
const ROUNDS = 6;
/** Kinds of line that are taken from one pasted case, at most. */
const KINDS_OF_A_CASE = 6;

/**
 * What can be taken away of a folder that was analysed: each kind of log in turn, all kinds but one, and the lines of each
 * heavy piece of evidence. Of a pasted case, whose evidence is its lines: each kind of line in turn.
 */
export function ablations(files: Files, base: Result, isCase: boolean): readonly Variant[] {
  const formats = [...new Set(base.sources.map(({ format }) => format))].sort();
  const namesOf = (format: string): string[] =>
    base.sources.filter((source) => source.format === format).map(({ path }) => path);
  const sources: Variant[] =
    formats.length < 2
      ? []
      : formats.flatMap((format): Variant[] => {
          const without = withChanges(files, new Map(namesOf(format).map((name) => [name, null])));
          const others = formats.filter((other) => other !== format).flatMap(namesOf);
          const only = withChanges(files, new Map(others.map((name) => [name, null])));
          const ablation: Variant = { kind: 'without a source', what: format, files: without };
          return formats.length < 3 && formats.indexOf(format) > 0
            ? [ablation]
            : [ablation, { kind: 'a source alone', what: format, files: only }];
        });
  return [...sources, ...(isCase ? withoutKindsOfLine(files) : withoutEvidence(files, base))];
}

/** Rows of requests are what is to be explained: only lines that explain are taken away. */
const hasRows = (format: string): boolean => /^(?:cloudflare|har)|access/.test(format);

function heavySignals(result: Result): Set<string> {
  return new Set(
    result.bursts.flatMap(({ evidence }) =>
      evidence
        .filter(({ direction, weight, lines }) => direction === 'for' && weight >= HEAVY_DECIBANS && lines.length > 0)
        .map(({ signal }) => signal),
    ),
  );
}

function withoutEvidence(files: Files, base: Result): readonly Variant[] {
  return [...heavySignals(base)].sort().flatMap((signal): Variant[] => {
    const first = removeQuoted(files, base, signal);
    if (first === null) return [];
    return [
      {
        kind: 'without lines',
        what: signal,
        files: first,
        again: (current, result, round) => (round < ROUNDS ? removeQuoted(current, result, signal) : null),
      },
    ];
  });
}

/** The files without the lines that are quoted for a signal and those of the same shape; null where none is quoted. */
function removeQuoted(files: Files, result: Result, signal: string): Files | null {
  const shapes = new Map<string, Set<string>>();
  for (const { evidence } of result.bursts) {
    for (const { source, line } of evidence.filter((one) => one.signal === signal).flatMap(({ lines }) => lines)) {
      const from = result.sources[source];
      const bytes = from && files.get(from.path);
      if (!from || !bytes || hasRows(from.format)) continue;
      const quoted = linesOf(bytes)[line - 1];
      if (quoted === undefined) continue;
      const known = shapes.get(from.path) ?? new Set();
      shapes.set(from.path, known.add(shapeOf(quoted)));
    }
  }
  if (shapes.size === 0) return null;
  const changes = new Map<string, Buffer>();
  for (const [name, unwanted] of shapes) {
    const bytes = files.get(name);
    if (bytes)
      changes.set(name, bytesOf(entriesOf(bytes).flatMap((e) => (unwanted.has(shapeOf(e[0] ?? '')) ? [] : e))));
  }
  return withChanges(files, changes);
}

function withoutKindsOfLine(files: Files): readonly Variant[] {
  const shapes = new Map<string, { readonly name: string; readonly shape: string; readonly line: string }>();
  let entries = 0;
  for (const [name, bytes] of files) {
    for (const [line = ''] of entriesOf(bytes)) {
      entries++;
      const shape = shapeOf(line);
      shapes.set(`${name} ${shape}`, { name, shape, line });
    }
  }
  if (entries < 2 || shapes.size < 2) return [];
  return [...shapes.values()].slice(0, KINDS_OF_A_CASE).map(({ name, shape, line }) => {
    const kept = entriesOf(files.get(name) ?? Buffer.alloc(0)).filter(([first = '']) => shapeOf(first) !== shape);
    return {
      kind: 'without lines',
      what: line.slice(0, 80),
      files: withChanges(files, new Map([[name, bytesOf(kept.flat())]])),
    };
  });
}

/** What lines of one kind share: numbers, quoted texts and paths are left out. */
export function shapeOf(line: string): string {
  return line
    .slice(0, 2000)
    .replace(/"[^"]*"/g, 'Q')
    .replace(/[\w.-]*\d[\w.:-]*/g, '0')
    .replace(/\/[^\s,;)]*/g, 'P');
}
