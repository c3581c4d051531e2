import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestSource } from '../../src/digest/read-source.ts';
import { type Trace, traceSource } from '../../src/digest/trace.ts';
import type { Format } from '../../src/formats/format.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { Unwrapper } from '../../src/formats/wrappers.ts';
import { type SourceFile, streamSource } from '../../src/input/source.ts';

const EXAMPLES = FORMATS.flatMap(({ examples }) => examples().map(({ input }) => input));
/** Begins of what carries lines: tables, objects, places and owners. */
const CARRIERS = [
  'Date,Host,Message\n"2026-11-20T08:10:14Z","web01","2026/11/20 08:10:14 [error] 7#7: *3 a ""b""\nc"\n"',
  '@timestamp\t@message\n2026-11-20 08:10:14.123\t[20-Nov-2026 08:10:14] NOTICE: ready',
  '{\n    "events": [\n        {\n            "timestamp": 1795162214123,\n            "message": "2026/11/20 08:10:14 [error] 7#7: a",\n        }',
  '{"_source":{"@timestamp":"2026-11-20T08:10:14Z","message":"2026/11/20 08:10:14 [error] 7#7: a"}}',
  '{"date":1795162214.123456,"log":"a"}',
  '{"short_message":"a","timestamp":1795162214.1}',
  '2026-11-20 08:10:14.000000000 +0000 docker.web: {"container_name":"/web","log":"a"}',
  '/var/log/nginx/error.log:12:2026/11/20 08:10:14 [error] 7#7: a',
  'web-7d9c5b6f4-x2x9q nginx 2026/11/20 08:10:14 [error] 7#7: a',
  '2026-11-20T08:10:14Z {app="web"} a',
  '7711561783320576\t2026-11-20T08:10:14Z\t2026-11-20T08:10:14Z\t3118\tweb01\t192.0.2.9\tLocal7\tError\tnginx\ta',
  '==> error.log <==',
  '     1\t2026/11/20 08:10:14 [error] 7#7: a',
];
const INPUTS = [...EXAMPLES, ...CARRIERS];

const sourceOf = (text: string): SourceFile => streamSource(Readable.from([Buffer.from(text)]));
const traced = (text: string): Promise<Trace> => traceSource(sourceOf(text), FORMATS);

/** Text of logs, cut and mixed, with anything between. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(...INPUTS),
      fc
        .tuple(fc.constantFrom(...INPUTS), fc.nat(300), fc.nat(300))
        .map(([input, from, length]) => input.slice(from, from + length)),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('', ' ', '\r', '{', '[', '<html>', '"'),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join('\n'));

describe('whatever a file holds', () => {
  it('each line of it was read by a format or counts as not understood', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        const trace = await traced(content);
        if (trace.format?.shape === 'document' || trace.skipped?.startsWith('not a log') || content === '') return;
        const lines = content.endsWith('\n') ? content.slice(0, -1).split('\n') : content.split('\n');
        expect(trace.lines.map(({ line }) => line.number)).toEqual(lines.map((_, i) => i + 1));
        const left = trace.lines.filter(({ format, line }) => format === null && line.text.trim() !== '');
        expect(trace.notUnderstood).toBe(left.length);
      }),
      { numRuns: 300 },
    );
  });

  it('a reader of bytes counts the same lines and the same records as a reader of lines', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        const trace = await traced(content);
        const digest = await digestSource(sourceOf(content), 0, FORMATS, { sha256: false });
        expect([digest.lines, digest.notUnderstood.count, digest.records]).toEqual([
          trace.count,
          trace.notUnderstood,
          trace.records.length,
        ]);
      }),
      { numRuns: 300 },
    );
  });

  it('a document gives records, or says that it was not understood', async () => {
    for (const format of FORMATS) {
      if (format.shape !== 'document') continue;
      for (const { input, records } of format.examples()) {
        for (const part of [input, input.slice(0, input.length / 2), `${input.slice(0, -3)}\u0000`]) {
          let made = 0;
          const { notUnderstood, warning } = format.read(part, () => {
            made++;
          });
          expect([format.id, made > 0 || notUnderstood > 0 || warning !== undefined || records.length === 0]).toEqual([
            format.id,
            true,
          ]);
        }
      }
    }
  });
});

/** What the issue of a long line may take; most take a tenth of it. */
const LIMIT_MS = 1000;
const BYTES = 10_000_000;
/** A collection of garbage or a neighbour on the machine may fall into one try, not into all. */
const TRIES = 3;

/** The processor's time that a piece of work takes, the least of a few tries: what others run at the same time does not count. */
async function leastMs(work: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TRIES && least >= LIMIT_MS; i++) {
    const before = process.cpuUsage();
    await work();
    least = Math.min(least, process.cpuUsage(before).user / 1000);
  }
  return least;
}

const REPEATED = [
  ...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)),
  ...[
    '\t',
    '\u0000',
    'é',
    '\u2028',
    ', ',
    ': ',
    ' - ',
    '; ',
    '" "',
    '""',
    '\\"',
    '{"',
    '{"a":',
    '[{',
    '<a',
    '</',
    '%2',
    '::',
    '->',
    '#0 ',
  ],
  ...['a ', 'a=b ', 'a="b" ', '127.0.0.1, ', 'GET '],
];
const head = fc.constantFrom('', ...INPUTS).map((input) => (input.split('\n')[0] ?? '').slice(0, 80));
const longLine = fc
  .tuple(head, fc.constantFrom(...REPEATED))
  .map(([begin, text]) => begin + text.repeat(BYTES / Buffer.byteLength(text)));

/** What the parser of a format, asked directly, does with a line or a document. */
function forced(format: Format, text: string): void {
  if (format.shape === 'document') {
    format.scoreHead(text.slice(0, 65_536));
    format.read(text, () => {});
    return;
  }
  const line = new Unwrapper().unwrap(text, 1);
  format.score(line);
  format.fieldsIn?.(line);
  format.lacking?.(line);
  const parser = format.open(() => {});
  parser.push(line);
  parser.end();
}

describe('a line of ten megabytes', () => {
  it('of any one text, again and again, is passed in a second by all formats together', {
    timeout: 300_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(longLine, async (content) => {
        expect(await leastMs(() => traced(content))).toBeLessThan(LIMIT_MS);
      }),
      { numRuns: 40 },
    );
  });

  it.each(FORMATS.map((format) => [format.id, format] as const))(
    'is passed in a second by %s, whether or not it looks like one of its own',
    { timeout: 300_000 },
    async (_, format) => {
      await fc.assert(
        fc.asyncProperty(longLine, async (content) => {
          expect(await leastMs(() => forced(format, content))).toBeLessThan(LIMIT_MS);
        }),
        { numRuns: 8 },
      );
    },
  );
});
