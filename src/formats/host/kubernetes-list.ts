import type { DocumentEnd, DocumentFormat, DocumentReader, Emit } from '../format.ts';
import { type EntryLists, JsonEntries } from '../json-entries.ts';
import { parseJson } from '../parse-json.ts';
import { parseBlockYaml } from '../wrappers/block-yaml.ts';
import { inspectSaid } from './docker-inspect.ts';
import { clueOf, eventSaid, type Members, podSaid } from './kubernetes-objects.ts';

const JSON_HEAD = /^\uFEFF?\s{0,200}[[{]/;
const YAML_HEAD = /^\uFEFF?(?:---\s{0,4}\n)?\s{0,20}(?:- )?(?:apiVersion|action|items|kind|metadata|count): ?/;
/** What an event has in either writing; a pod has the states of its containers. */
const EVENT = /^\s{0,80}(?:- )?"?(?:involvedObject|regarding)"?\s{0,4}:\s{0,4}\{?\s{0,4}$/m;
const POD = /^\s{0,80}(?:- )?"?(?:containerStatuses|initContainerStatuses)"?\s{0,4}:\s{0,4}\[?\s{0,4}$/m;
/** A list on one line, as the server itself answers. */
const ON_ONE_LINE = /^\s{0,200}\{.{0,400}"kind":"(?:Event|Pod)List"/;
/** A container as `docker inspect` prints it, and the state of one alone, over many lines or on one. */
const INSPECTED = /^\s{0,80}"(?:StartedAt|OOMKilled)"\s{0,4}:/m;
const STATE_ALONE = /^\uFEFF?\s{0,20}\{\s{0,20}"Status"\s{0,4}:[^{}]{1,400}"OOMKilled"\s{0,4}:/;
/** Longest YAML that is held as a whole. */
const LONGEST_YAML = 1 << 27;
const MOST_LISTS = 4;

/** Objects of a list, of lists within it, or one alone. */
function objectsIn(value: unknown, depth = 0): Members[] {
  if (depth > MOST_LISTS || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => objectsIn(item, depth + 1));
  const object: Members = { ...value };
  return Array.isArray(object.items) ? objectsIn(object.items, depth + 1) : [object];
}

/** `items` of a list, or objects one after the other (`--watch`). */
const LISTS: EntryLists = { isList: (key, depth) => key === 'items' || (key === '' && depth === 0), many: true };

/** Reads the objects of a list in JSON as they come, of one in YAML at its end. */
class ListReader implements DocumentReader {
  private readonly emit: Emit;
  private readonly entries = new JsonEntries((text) => this.take(parseJson(text)), LISTS);
  private isJson: boolean | undefined;
  private yaml = '';
  private number = 0;
  private notUnderstood = 0;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(text: string): void {
    this.isJson ??= text === '' ? undefined : JSON_HEAD.test(text);
    if (this.isJson) this.entries.push(text);
    else if (this.yaml.length < LONGEST_YAML) this.yaml += text;
  }

  end(): DocumentEnd {
    if (this.isJson) this.entries.end();
    else for (const part of this.yaml.split(/^---[^\n]{0,80}$/m)) this.take(parseBlockYaml(part));
    if (this.number === 0)
      return {
        notUnderstood: 1,
        warning: 'The list is cut, or neither JSON nor YAML as kubectl prints it; export it again.',
      };
    const { found, complete, cutEntry } = this.entries.state;
    const notUnderstood = this.notUnderstood + (cutEntry ? 1 : 0);
    return cutEntry || (found && !complete)
      ? { notUnderstood, warning: `The list breaks off after entry ${this.number}; what follows is lost.` }
      : { notUnderstood };
  }

  private take(value: unknown): void {
    for (const object of objectsIn(value)) {
      this.number++;
      const event = eventSaid(object);
      const said = event === null ? [...podSaid(object), ...inspectSaid(object)] : [event];
      for (const one of said) this.emit(clueOf(one, this.number));
      if (event === null && object.kind === 'Event') this.notUnderstood++;
    }
  }
}

const EVENT_LINES = [
  '- apiVersion: v1',
  '  count: 3',
  '  eventTime: null',
  '  involvedObject:',
  '    fieldPath: spec.containers{web}',
  '    kind: Pod',
  '    name: web-7d9c5b6f4-x2x9q',
  '  kind: Event',
  '  lastTimestamp: "2026-11-20T08:14:38Z"',
];

/** Events and pods of Kubernetes as `kubectl get … -o json` and `-o yaml` print them, and containers as `docker inspect` does. */
export const kubernetesList: DocumentFormat = {
  id: 'kubernetes-list',
  title: 'Kubernetes events and pods (kubectl -o json, -o yaml), docker inspect',
  shape: 'document',
  hop: 'host',
  foundAt: [
    'kubectl get events --all-namespaces -o json',
    'kubectl get events -o yaml',
    'kubectl get pods --all-namespaces -o json',
    'docker inspect CONTAINER',
    "docker inspect --format '{{json .State}}' CONTAINER",
  ],
  limits: [
    'An event is dated by its last time; how often it came before is not spread over the time.',
    'Kubernetes keeps events for an hour; a pod, and docker inspect, tell how each container ended last, not before.',
    'Of other objects nothing is read.',
  ],
  examples: () => [
    {
      shows: 'events in YAML, their messages over several lines',
      input: [
        'apiVersion: v1',
        'items:',
        ...EVENT_LINES,
        '  message: \'Readiness probe failed: Get "http://10.8.1.12:3000/": dial tcp 10.8.1.12:3000:',
        "    connect: connection refused'",
        '  reason: Unhealthy',
        '  type: Warning',
        ...EVENT_LINES,
        '  message: |-',
        '    Back-off restarting failed container: web',
        '',
        '    in its pod',
        '  reason: BackOff',
        '  type: Warning',
        'kind: List',
      ].join('\n'),
      records: [
        {
          kind: 'clue',
          hop: 'host',
          signal: 'unit.probe-failed',
          subject: 'web-7d9c5b6f4-x2x9q',
          stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 14, 38), offsetMinutes: 0 },
          text: 'Warning Unhealthy Pod/web-7d9c5b6f4-x2x9q Readiness probe failed: Get "http://10.8.1.12:3000/": dial tcp 10.8.1.12:3000: connect: connection refused',
          values: { role: 'app' },
        },
        { signal: 'unit.exited', line: 2 },
      ],
    },
    {
      shows: 'events in JSON; one that came once has its time elsewhere',
      input: [
        '{',
        '    "apiVersion": "v1",',
        '    "items": [',
        '        {',
        '            "eventTime": "2026-11-20T08:14:40.123456Z",',
        '            "involvedObject": {',
        '                "kind": "Pod",',
        '                "name": "web-7d9c5b6f4-x2x9q"',
        '            },',
        '            "lastTimestamp": null,',
        '            "message": "0/3 nodes are available: 3 Insufficient memory.",',
        '            "reason": "FailedScheduling"',
        '        }',
        '    ],',
        '    "kind": "List"',
        '}',
      ].join('\n'),
      records: [
        {
          signal: 'unit.start-failed',
          stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 14, 40, 123), offsetMinutes: 0 },
        },
      ],
    },
    {
      shows: 'events as they come (`--watch`): objects one after the other',
      input: [
        '{',
        '    "involvedObject": {',
        '        "kind": "Pod",',
        '        "name": "web-7d9c5b6f4-x2x9q"',
        '    },',
        '    "lastTimestamp": "2026-11-20T08:14:38Z",',
        '    "message": "Stopping container web",',
        '    "reason": "Killing"',
        '}',
        '{',
        '    "involvedObject": {',
        '        "kind": "Pod",',
        '        "name": "web-7d9c5b6f4-k8s2p"',
        '    },',
        '    "lastTimestamp": "2026-11-20T08:14:41Z",',
        '    "message": "Started container web",',
        '    "reason": "Started"',
        '}',
      ].join('\n'),
      records: [
        { signal: 'unit.stopping', line: 1 },
        { signal: 'unit.started', line: 2 },
      ],
    },
    {
      shows: 'a pod: how its containers ended last',
      input: [
        'apiVersion: v1',
        'kind: Pod',
        'metadata:',
        '  name: web-7d9c5b6f4-x2x9q',
        'status:',
        '  containerStatuses:',
        '  - lastState:',
        '      terminated:',
        '        exitCode: 137',
        '        finishedAt: "2026-11-20T08:14:38Z"',
        '        reason: OOMKilled',
        '    name: web',
        '    restartCount: 7',
        '    state:',
        '      running:',
        '        startedAt: "2026-11-20T08:14:41Z"',
        '  - lastState: {}',
        '    name: istio-proxy',
        '    state:',
        '      running:',
        '        startedAt: "2026-11-20T08:10:41Z"',
      ].join('\n'),
      records: [
        {
          signal: 'unit.oom-killed',
          subject: 'web-7d9c5b6f4-x2x9q',
          values: { role: 'app', exitCode: 137 },
        },
      ],
    },
    {
      shows: 'a container that docker inspect tells of',
      input: [
        '[',
        '    {',
        '        "Id": "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f809",',
        '        "State": {',
        '            "Status": "exited",',
        '            "Running": false,',
        '            "OOMKilled": true,',
        '            "ExitCode": 137,',
        '            "StartedAt": "2026-11-20T08:00:00.123456789Z",',
        '            "FinishedAt": "2026-11-20T08:14:38.123456789Z"',
        '        },',
        '        "Name": "/shop-web-1",',
        '        "Config": { "Image": "shop:1.4" }',
        '    }',
        ']',
      ].join('\n'),
      records: [
        {
          signal: 'unit.oom-killed',
          stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 14, 38, 123), offsetMinutes: 0 },
          subject: 'shop-web-1',
          values: { role: 'app', exitCode: 137 },
        },
        { signal: 'unit.started', subject: 'shop-web-1' },
      ],
    },
    {
      shows: 'the state of a container alone',
      input:
        '{"Status":"exited","Running":false,"Paused":false,"Restarting":false,"OOMKilled":true,"Dead":false,"Pid":0,"ExitCode":137,"Error":"","StartedAt":"2026-11-20T08:00:00.1Z","FinishedAt":"2026-11-20T08:14:38.1Z"}',
      records: [
        { signal: 'unit.oom-killed', subject: 'container', values: { role: 'app', exitCode: 137 } },
        { signal: 'unit.started' },
      ],
    },
  ],
  scoreHead: (head) => {
    if (ON_ONE_LINE.test(head)) return 0.95;
    const isJson = JSON_HEAD.test(head);
    if (STATE_ALONE.test(head)) return 0.95;
    if (isJson && INSPECTED.test(head) && /"State"\s{0,4}:/.test(head)) return 0.95;
    return (isJson || YAML_HEAD.test(head)) && (EVENT.test(head) || POD.test(head)) ? 0.95 : 0;
  },
  read: (text, emit) => {
    const reader = new ListReader(emit);
    reader.push(text);
    return reader.end();
  },
  openPieces: (emit) => new ListReader(emit),
};
