import { NO_STAMP } from '../../vocabulary/records.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { parseIso } from '../stamps.ts';
import { exitSignal } from './container-roles.ts';
import { inspectSaid } from './docker-inspect.ts';
import { clueOf, type Said } from './kubernetes-objects.ts';

/*
 * The part of `docker inspect` and of a pod’s JSON that people copy: how a container ended, or what grep leaves of it. A whole document
 * is read as one (kubernetes-list).
 */

/** `"State": {`, as it is printed and as people quote it; of a pod `"lastState": {` and `"terminated": {`. */
const BEGIN = /^\s{0,80}"?(?:State|lastState|terminated)"?\s{0,4}:\s{0,4}\{$/;
/** Docker Engine API, ContainerState; Kubernetes API, ContainerStateTerminated. */
const FIELD =
  /^\s{0,80}"?(Status|Running|Paused|Restarting|OOMKilled|Dead|Pid|ExitCode|Error|StartedAt|FinishedAt|containerID|exitCode|finishedAt|message|reason|signal|startedAt)"?\s{0,4}:\s{0,4}("[^"]{0,300}"|true|false|-?\d{1,10}),?$/;
/** Fields by which it is known where nothing heads it. */
const TELLING = /^\s{0,80}"?(?:OOMKilled"?\s{0,4}:\s{0,4}(?:true|false)|ExitCode"\s{0,4}:\s{0,4}\d{1,3}),?$/;
const END = /^\s{0,80}\},?$/;

class StateParser implements LineParser {
  private readonly emit: Emit;
  private state: Map<string, string | number | boolean> | null = null;
  private line = 0;
  /** Braces that are still open. */
  private open = 0;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push({ text, number }: Line): Taken {
    if (BEGIN.test(text)) {
      this.open = this.state?.size === 0 ? this.open + 1 : 1;
      this.begin(number);
      return true;
    }
    const field = FIELD.exec(text);
    if (field?.[1] !== undefined && field[2] !== undefined && (this.state !== null || TELLING.test(text))) {
      if (this.state === null || this.state.has(field[1])) this.begin(number);
      this.state?.set(field[1], written(field[2]));
      return true;
    }
    this.end();
    this.open = END.test(text) ? this.open - 1 : -1;
    return this.open >= 0;
  }

  end(): void {
    const { state } = this;
    this.state = null;
    if (state !== null) for (const said of saidOf(Object.fromEntries(state))) this.emit(clueOf(said, this.line));
  }

  private begin(line: number): void {
    this.end();
    this.state = new Map();
    this.line = line;
  }
}

function written(text: string): string | number | boolean {
  if (text.startsWith('"')) return text.slice(1, -1);
  return text === 'true' || (text !== 'false' && Number(text));
}

type State = Readonly<Record<string, string | number | boolean>>;

/** What a state tells; of Docker’s without times how it ended is left. */
function saidOf(state: State): Said[] {
  if (typeof state.StartedAt === 'string') return inspectSaid({ OOMKilled: false, ...state });
  const code = state.ExitCode ?? state.exitCode;
  const isKilled = state.OOMKilled === true || state.reason === 'OOMKilled';
  if (typeof code !== 'number' && !isKilled) return [];
  const exitCode = typeof code === 'number' ? code : undefined;
  return [
    {
      signal: isKilled ? 'unit.oom-killed' : exitSignal(exitCode ?? 0),
      stamp: parseIso(String(state.finishedAt ?? '')) ?? NO_STAMP,
      name: 'container',
      kind: 'container',
      ...(exitCode === undefined ? {} : { exitCode }),
      text: `container ended${exitCode === undefined ? '' : ` with exit code ${exitCode}`}${isKilled ? ', OOMKilled' : ''}`,
    },
  ];
}

const examples = (): readonly Example[] => [
  {
    shows: 'the state of a container, copied from the middle of docker inspect',
    input: [
      '        "State": {',
      '            "Status": "exited",',
      '            "Running": false,',
      '            "OOMKilled": true,',
      '            "ExitCode": 137,',
      '            "Error": "",',
      '            "StartedAt": "2026-11-20T08:00:00.123456789Z",',
      '            "FinishedAt": "2026-11-20T08:14:38.123456789Z"',
      '        },',
    ].join('\n'),
    records: [
      {
        kind: 'clue',
        hop: 'host',
        signal: 'unit.oom-killed',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 14, 38, 123), offsetMinutes: 0 },
        values: { role: 'app', exitCode: 137 },
      },
      { signal: 'unit.started' },
    ],
  },
  {
    shows: 'how a container of a pod ended',
    input: [
      '    "lastState": {',
      '        "terminated": {',
      '            "containerID": "containerd://1a2b3c",',
      '            "exitCode": 137,',
      '            "finishedAt": "2026-11-20T08:14:38Z",',
      '            "reason": "Error",',
      '            "startedAt": "2026-11-20T08:00:00Z"',
      '        }',
      '    },',
    ].join('\n'),
    records: [{ signal: 'unit.killed', line: 2, values: { role: 'app', exitCode: 137 } }],
  },
  {
    shows: 'what grep leaves of it',
    input: '            "OOMKilled": true,\n            "ExitCode": 137,',
    records: [{ signal: 'unit.oom-killed', stamp: NO_STAMP, values: { role: 'app', exitCode: 137 } }],
  },
];

/** The state of a container out of a longer document. */
export const containerState: LineFormat = {
  shape: 'lines',
  id: 'container-state',
  title: 'State of a container (a part of docker inspect, of a pod in JSON)',
  hop: 'host',
  foundAt: ['docker inspect CONTAINER | grep -A 12 \'"State"\''],
  limits: ['Which container it is stands elsewhere: it is taken for the application’s.'],
  examples,
  score: ({ text, wrapper }) => (wrapper === null && (BEGIN.test(text) || TELLING.test(text)) ? 0.9 : 0),
  open: (emit) => new StateParser(emit),
};
