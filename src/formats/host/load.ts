import { NO_STAMP } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';

/*
 * What `free` and the head of `top` print of the moment (procps src/free.c, src/top/top.c): memory that a new process can have,
 * swap that is left, time in which no processor had work. `free` of a German, French or Spanish system has other words in its head.
 */

const LONGEST = 400;
const NUMBER = String.raw`(\d{1,15}(?:[.,]\d{1,3})?)([KMGTP]?i?B?)`;
/** Names of columns; the last tells which: `available`, or `cached` before procps 3.3.10. */
const FREE_HEAD =
  /^ {5,40}(?:total|gesamt|suma) {1,20}\S{1,12} {1,20}\S{1,12} {1,20}\S{1,16} {1,20}(?:\S{2,8}\/\S{2,8}|(buffers) {1,20}cached) {0,20}\S{0,16}$/i;
const FREE_ROW = new RegExp(
  String.raw`^(\p{Lu}[\p{L}' -]{1,20}): {1,40}${NUMBER}((?: {1,40}[\d.,]{1,16}[KMGTP]?i?B?){1,5})$`,
  'u',
);
/** What programs can have of it, before there was a column for that. */
const FREE_CACHES = new RegExp(String.raw`^-\/\+ \S{4,12}\/\S{4,12}: {1,40}${NUMBER} {1,40}${NUMBER}$`);

const TOP_HEAD = /^(?:top - )?(?:\d\d:\d\d:\d\d )?up {1,4}.{1,60} users?, {1,4}load average: [\d.,]{4,9}[ ,]/;
const TOP_TASKS = /^(?:Tasks|Threads): {0,6}\d{1,7} total, /;
const TOP_CPU = /^%?Cpu\(s\): {0,6}.{1,80}?(\d{1,3}[.,]\d)[ %]{0,2}id, /;
const TOP_MEMORY = /^([KMGTP]iB) Mem ?: {1,12}([\d.]{1,16})[+ ]total, {1,12}[\d.]{1,16}[+ ]free/;
const TOP_SWAP =
  /^[KMGTP]iB Swap: {1,12}([\d.]{1,16})[+ ]total, {1,12}([\d.]{1,16})[+ ]free, .{1,30}used\. {1,12}([\d.]{1,16})[+ ]avail Mem/;
const TOP_COLUMNS = /^ {0,8}PID USER {2,20}PR {2}NI {2,8}VIRT /;
const TOP_PROCESS =
  /^ {0,8}\d{1,8} \S{1,32} {1,20}(?:rt|-?\d{1,3}) {1,6}-?\d{1,3} {1,12}[\d.]{1,14}[mgt]? {1,12}[\d.]{1,14}[mgt]? {1,12}[\d.]{1,14}[mgt]? [A-Z] {1,8}\d/;

/** Of memory that is left, and of swap: less than this share is next to nothing. */
const NOTHING = 0.03;
/** Time without work, in percent. */
const NO_IDLE_PERCENT = 3;
const UNITS = 'KMGTP';

/** `7.8Gi`, in whichever unit all of a table has where none is written. */
function amount(digits = '', unit = ''): number {
  const power = unit === '' || unit === 'B' ? 0 : UNITS.indexOf(unit.charAt(0)) + 1;
  return Number(digits.replace(',', '.')) * 1024 ** power;
}

interface Memory {
  readonly line: Line;
  readonly total: number;
  /** What programs can have; undefined as long as it was not said. */
  left?: number;
}

class LoadParser implements LineParser {
  private readonly emit: Emit;
  private table: 'free' | 'top' | null = null;
  private memory: Memory | null = null;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const text = line.text.slice(0, LONGEST).trimEnd();
    if (FREE_HEAD.test(text)) return this.begin('free');
    if (TOP_HEAD.test(text)) return this.begin('top');
    if (this.table !== null && (this.table === 'free' ? this.ofFree(line, text) : this.ofTop(line, text))) return true;
    if (this.table === 'top' && text === '') return true;
    this.end();
    this.table = null;
    return false;
  }

  /** Memory without a line for swap: there is none. */
  end(): void {
    this.told(0, 0);
  }

  private begin(table: 'free' | 'top'): true {
    this.end();
    this.table = table;
    return true;
  }

  private ofFree(line: Line, text: string): boolean {
    const caches = FREE_CACHES.exec(text);
    if (caches !== null) {
      if (this.memory !== null) this.memory.left = amount(caches[3], caches[4]);
      return true;
    }
    const [, , digits, unit, rest = ''] = FREE_ROW.exec(text) ?? [];
    if (digits === undefined) return false;
    const others = rest.trim().split(/ +/);
    const [last = ''] = others.slice(-1);
    const value = amount(/^[\d.,]+/.exec(last)?.[0], last.replace(/^[\d.,]+/, ''));
    if (others.length >= 4) this.memory = { line, total: amount(digits, unit), left: value };
    else this.told(amount(digits, unit), value);
    return true;
  }

  private ofTop(line: Line, text: string): boolean {
    const idle = TOP_CPU.exec(text)?.[1];
    if (idle !== undefined) {
      if (Number(idle.replace(',', '.')) < NO_IDLE_PERCENT) this.say(line, 'host.shown-cpu-busy');
      return true;
    }
    const memory = TOP_MEMORY.exec(text);
    if (memory !== null) {
      this.memory = { line, total: Number(memory[2]) };
      return true;
    }
    const swap = TOP_SWAP.exec(text);
    if (swap !== null) {
      if (this.memory !== null) this.memory.left = Number(swap[3]);
      this.told(Number(swap[1]), Number(swap[2]));
      return true;
    }
    return TOP_TASKS.test(text) || TOP_COLUMNS.test(text) || TOP_PROCESS.test(text);
  }

  /** All is known of memory and swap. */
  private told(swap: number, swapLeft: number): void {
    const { memory } = this;
    this.memory = null;
    if (memory?.left === undefined || memory.left > memory.total * NOTHING) return;
    if (swapLeft <= swap * NOTHING) this.say(memory.line, 'host.shown-memory-full');
  }

  private say(line: Line, signal: SignalId): void {
    this.emit({ kind: 'clue', hop: 'host', signal, ...entryFields(line, NO_STAMP), values: {} });
  }
}

const examples = (): readonly Example[] => [
  {
    shows: 'a host without memory, and without swap that is left',
    input: [
      '              total        used        free      shared  buff/cache   available',
      'Mem:           1987        1881          57           9          48          22',
      'Swap:          1023        1023           0',
    ].join('\n'),
    records: [{ kind: 'clue', hop: 'host', signal: 'host.shown-memory-full', line: 2 }],
  },
  {
    shows: 'memory that is used for files is not lost',
    input: [
      '             total       used       free     shared    buffers     cached',
      'Mem:           490        477         13         13         22        386',
      '-/+ buffers/cache:         69        421',
      'Swap:            0          0          0',
    ].join('\n'),
    records: [],
  },
  {
    shows: 'the head of top: no processor has time left',
    input: [
      'top - 08:14:38 up 12 days,  3:02,  1 user,  load average: 41.20, 38.02, 20.51',
      'Tasks: 214 total,  41 running, 173 sleeping,   0 stopped,   0 zombie',
      '%Cpu(s): 91.2 us,  8.6 sy,  0.0 ni,  0.0 id,  0.0 wa,  0.0 hi,  0.2 si,  0.0 st',
      'MiB Mem :   3919.0 total,    182.4 free,   2891.2 used,    845.4 buff/cache',
      'MiB Swap:   2048.0 total,   2011.0 free,     37.0 used.    801.4 avail Mem',
      '',
      '    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND',
      '   2811 www-data  20   0  412312  98120  61200 R  24.6   2.4   0:18.22 php-fpm8.2',
    ].join('\n'),
    records: [{ signal: 'host.shown-cpu-busy', line: 3 }],
  },
];

/** How much memory and processor a host has left. */
export const load: LineFormat = {
  shape: 'lines',
  id: 'load',
  title: 'Output of free and top',
  hop: 'host',
  foundAt: ['free -m; top -b -n 1 | head'],
  limits: [
    'No day: it tells of the moment in which it was printed; after a kill for lack of memory there is enough of it.',
  ],
  examples,
  score: ({ text, wrapper }) => {
    const beginning = text.slice(0, LONGEST).trimEnd();
    return wrapper === null && (FREE_HEAD.test(beginning) || TOP_HEAD.test(beginning)) ? 0.9 : 0;
  },
  open: (emit) => new LoadParser(emit),
};
