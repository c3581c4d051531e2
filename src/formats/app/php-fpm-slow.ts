import { entryFields, present } from '../entry.ts';
import type { Emit, Line, LineFormat, LineParser } from '../format.ts';
import { fpmStamp } from './fpm-stamp.ts';
import { extensionOf } from './php-trace.ts';
import { waitsFor } from './slow-frames.ts';

/*
 * PHP-FPM's slow log (reference: php-fpm section 4): a head, the script, then the stack, innermost frame first.
 */

const HEAD = /^\[(\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d)\] {1,4}\[pool ([^\]]{1,200})\] pid (\d{1,10})\s{0,4}$/;
const SCRIPT = /^script_filename = (.{0,1000})/;
const FRAME = /^\[0x[0-9a-f]{4,16}\] (.{1,500}?)\(\) (.{1,1000}?):(\d{1,9})\s{0,4}$/;
const FAILED = /^\+\+\+ dump failed/;
/** request_slowlog_trace_depth is 20 by default; nobody sets it so high. */
const MAX_FRAMES = 400;

interface Frame {
  readonly name: string;
  readonly file: string;
}

interface Trace {
  readonly line: Line;
  readonly stampText: string;
  readonly pool: string;
  readonly pid: string;
  script: string | undefined;
  readonly frames: Frame[];
}

class SlowParser implements LineParser {
  private readonly emit: Emit;
  private trace: Trace | null = null;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    const { text } = line;
    if (text.trim() === '') return true;
    const head = HEAD.exec(text);
    if (head?.[1] !== undefined && head[2] !== undefined && head[3] !== undefined) {
      this.end();
      this.trace = { line, stampText: head[1], pool: head[2], pid: head[3], script: undefined, frames: [] };
      return true;
    }
    if (this.trace === null) return false;
    const script = SCRIPT.exec(text)?.[1];
    if (script !== undefined) {
      this.trace.script = script;
      return true;
    }
    const frame = FRAME.exec(text);
    if (frame?.[1] !== undefined && frame[2] !== undefined) {
      if (this.trace.frames.length < MAX_FRAMES) this.trace.frames.push({ name: frame[1], file: frame[2] });
      return true;
    }
    return FAILED.test(text) || text.startsWith('[0x');
  }

  end(): void {
    const { trace } = this;
    this.trace = null;
    if (trace === null) return;
    const innermost = trace.frames[0];
    this.emit({
      kind: 'clue',
      hop: 'app',
      signal: 'fpm.slow-trace',
      ...entryFields(trace.line, fpmStamp(trace.stampText), textOf(trace)),
      connection: trace.pid,
      subject: trace.pool,
      values: present({
        waitsFor: waitsFor(trace.frames.map((frame) => frame.name)),
        script: trace.script,
        function: innermost?.name,
        file: innermost?.file,
        ...outermostExtension(trace.frames),
      }),
    });
  }
}

/** The outermost frame in a plugin or theme began the slow work; a plugin is named before a theme. */
function outermostExtension(frames: readonly Frame[]): { plugin?: string; pluginKind?: string } {
  let named: { plugin?: string; pluginKind?: string } = {};
  for (const frame of frames) {
    const extension = extensionOf(frame.file);
    if (extension === null) continue;
    if (extension.pluginKind === 'plugin' || named.pluginKind !== 'plugin') named = extension;
  }
  return named;
}

function textOf(trace: Trace): string {
  const frames = trace.frames.slice(0, 12).map((frame) => `${frame.name}() ${frame.file}`);
  return [trace.line.text, `script_filename = ${trace.script ?? '?'}`, ...frames].join('\n');
}

/** PHP-FPM's slow log. */
export const phpFpmSlow: LineFormat = {
  shape: 'lines',
  id: 'php-fpm-slow',
  title: 'PHP-FPM slow log',
  hop: 'app',
  foundAt: ['the file named by slowlog in the pool configuration', '/var/log/php-fpm/www-slow.log'],
  limits: ['Only where request_slowlog_timeout is set; one snapshot of the stack per slow request.'],
  examples: () => [
    {
      input: [
        '',
        '[20-Nov-2026 08:12:05]  [pool www] pid 30002',
        'script_filename = /var/www/html/index.php',
        '[0x00007f2a76013120] curl_exec() /var/www/html/wp-content/plugins/shop-feed/class-feed.php:125',
        '[0x00007f2a760130c0] fetch() /var/www/html/wp-content/plugins/shop-feed/class-feed.php:18',
        '[0x00007f2a76013070] do_action() /var/www/html/wp-settings.php:479',
        '',
        '[20-Nov-2026 08:13:22]  [pool www] pid 31193',
        'script_filename = /var/www/html/report.php',
        '[0x00007f2a76013070] mysqli_query() /var/www/html/report.php:1',
      ].join('\n'),
      shows: 'two stacks: one waits for another server, one for the database',
      records: [
        {
          signal: 'fpm.slow-trace',
          line: 2,
          connection: '30002',
          subject: 'www',
          stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 12, 5) },
          values: {
            waitsFor: 'http',
            script: '/var/www/html/index.php',
            function: 'curl_exec',
            file: '/var/www/html/wp-content/plugins/shop-feed/class-feed.php',
            plugin: 'shop-feed',
            pluginKind: 'plugin',
          },
        },
        {
          signal: 'fpm.slow-trace',
          values: {
            waitsFor: 'database',
            script: '/var/www/html/report.php',
            function: 'mysqli_query',
            file: '/var/www/html/report.php',
          },
        },
      ],
    },
  ],
  // Nothing else writes such frames: sure of them, it need not be compared with others for each of hundreds of lines.
  score: ({ text }) => (HEAD.test(text) ? 1 : FRAME.test(text) || SCRIPT.test(text) ? 0.95 : 0),
  open: (emit) => new SlowParser(emit),
};
