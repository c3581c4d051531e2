import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import { present } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { monthIndex, parseOffset, wallMs, zonedStamp } from '../stamps.ts';
import { parseObject } from '../wrappers/json.ts';
import { isListHead, listedContainer } from './container-lists.ts';
import { dockerSignal, exitSignal, kindByImage, roleOf, serverNamed, signalFor, signalOf } from './container-roles.ts';
import { eventSaid, kindInPod, type Said } from './kubernetes-objects.ts';
import { unitClue } from './unit-clue.ts';

const LONGEST = 4000;
/** `docker events`: what happened to the container, its id, and attributes in brackets; the time before it is the wrapper's. */
const DOCKER = /^container ([a-z_]{2,20})(?:: ?([\w ]{1,40}))? ([0-9a-f]{12,64}) \((.{0,3500})\)$/;
/** `docker compose up`. */
const COMPOSE_END = /^([A-Za-z0-9][\w.-]{0,100}) exited with code (\d{1,3})(?: \(restarting\))?$/;
/** Compose about what the others wait for (docker/compose, pkg/compose/convergence.go). */
const COMPOSE_WAITS = /\bdependency failed to start: container ([\w.-]{1,128}) (?:is unhealthy|exited \((\d{1,3})\))$/;
/** The same of a job that they wait for to end well. */
const COMPOSE_JOB = /\bservice "([\w.-]{1,128})" didn't complete successfully: exit (\d{1,3})\b/;
/** A container whose first process cannot be run (runc, by way of containerd and Docker); Compose v1 says of which service. */
const NOT_RUN =
  /^(?:ERROR: for [\w.-]{1,128} {1,3})?(?:Cannot start service ([\w.-]{1,128}): |(?:docker: )?Error response from daemon: )(?:failed to create (?:shim )?task(?: for container)?: )*(?:OCI runtime create failed: |failed to create shim: )/;
/** The same, as the container's own log has it (runc, libcontainer's `standard_init_linux.go`): of another machine's kind, not there, not executable. */
const NOT_EXECUTED =
  /^(?:standard_init_linux\.go:\d{1,5}: exec user process caused(?:: )?|exec (?:user process caused: |(\/?[\w./-]{1,200}): )|\S{1,200}: line \d{1,5}: \S{1,200}: cannot execute binary file: )\s?"?(?:exec format error|no such file or directory|permission denied)"?$/i;
/** Docker's daemon, in its own log or as its client prints it. */
const NO_PORT =
  /\bdriver failed programming external connectivity on endpoint ([\w.-]{1,128}) \([\da-f]{4,64}\): .{0,300}(?:EADDRINUSE|address already in use|port is already allocated|cannot assign requested address|permission denied)/;
/** Why Amazon ECS says that it stopped a container, in its console and in the answer of `describe-tasks`. */
const ECS_MEMORY = /\bOutOfMemoryError: [Cc]ontainer killed due to memory usage\b/;
/** Its service's events: a target that fails the load balancer's check; tasks that do not come up. */
const ECS_SERVICE =
  /\(?\bservice ([\w.-]{1,255})\)? (?:\([^()\n]{1,120}\) ){0,4}(?:(is unhealthy) in \(?target-group |was unable to place a task because |is unable to consistently start tasks successfully)/;
const AGE = String.raw`(?:<unknown>|<invalid>|\d{1,5}[smhdy][\dsmhdy]{0,12})`;
/** `kubectl get events`: perhaps a namespace; how long ago, kind, reason, object (1.13 and 1.14: what it is alone), message. */
const TABLE = new RegExp(
  String.raw`^(?:[a-z0-9][a-z0-9.-]{0,252} {2,40})?${AGE}(?: \(x\d{1,9} over ${AGE}\))? {2,40}(?:Normal|Warning) {2,20}([A-Z]\w{1,60}) {2,60}([a-z]{2,60}\/[\w.-]{1,253}|[A-Z][A-Za-z]{2,40}) {2,200}(\S.{0,3000})$`,
);
const TABLE_HEAD = /^(?:NAMESPACE +)?LAST SEEN +TYPE +REASON +(?:OBJECT|KIND)(?: +SUBOBJECT +SOURCE)? +MESSAGE/;
/** `kubectl describe pod`: kind, reason, how long ago, who says it (before 1.20 with the node), message. */
const DESCRIBED = new RegExp(
  String.raw`^ {2}(?:Normal|Warning) {2,20}([A-Z]\w{1,60}) {2,60}${AGE}(?: \(x\d{1,9} over ${AGE}\))? {2,60}([\w.-]{1,100}(?:, [\w.-]{1,253})?) {2,100}(\S.{0,3000})$`,
);
/** Over the events at the end of a description. */
const DESCRIBED_HEAD = /^ {2}(?:Type +Reason +Age +From +Message|-{4} +-{6} +-{3,4} +-{4} +-{7})$/;
/** The pod's name, with which its description begins. */
const POD_NAME = /^Name:\s{1,24}([a-z0-9][\w.-]{0,252})$/;
/** A container's name in the description of its pod. */
const CONTAINER = /^ {2}([a-z0-9][a-z0-9-]{0,62}):$/;
/**
 * State of a container in `kubectl describe pod`, its indent perhaps lost on the way; before `State:` the same words are names of
 * variables, or others.
 */
const STATE = /^\s{0,16}(State|Last State|Reason|Exit Code|Finished):\s{1,24}(\S.{0,200})$/;
/** Any other line of a description: a word and its value, or what belongs to one. */
const DESCRIPTION = /^(?:[A-Z][\w ()-]{1,40}:(?:\s|$)| {2,60}\S)/;
/** Lines that only the description of a pod has. */
const ONLY_DESCRIBED =
  /^(?:Service Account|QoS Class|Node-Selectors|Controlled By): {2,24}\S|^\s{0,16}(?:Last State:\s{1,24}Terminated|Reason:\s{1,24}(?:OOMKilled|CrashLoopBackOff)|Exit Code:\s{1,24}\d{1,3})\s*$/;
const RFC1123 = /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) ([+-]\d{4})$/;
/** Head of the kubelet's lines: level and date, time, process, place in the source. */
const KLOG = /^[IWEF](\d\d)(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{3})\d{3} {1,8}\d{1,8} ([a-z_]{2,60}\.go):\d{1,6}\] /;
const POD = /\bpod="([^"]{1,300})"/;

function dockerEvent(text: string): Said | null {
  const m = DOCKER.exec(text);
  if (m === null) return null;
  const attribute = (name: string): string => new RegExp(`(?:^|, )${name}=([^,]{0,300})`).exec(m[4] ?? '')?.[1] ?? '';
  const code = Number(attribute('exitCode') || Number.NaN);
  const name = attribute('name') || (m[3] ?? '').slice(0, 12);
  return {
    signal: dockerSignal(m[1] ?? '', m[2] ?? '', code),
    stamp: NO_STAMP,
    name,
    kind: kindByImage(name, attribute('image')),
    ...(Number.isFinite(code) ? { exitCode: code } : {}),
  };
}

function klogEvent(text: string): Said | null {
  const m = KLOG.exec(text);
  const pod = m === null ? null : POD.exec(text);
  if (m === null || pod?.[1] === undefined) return null;
  const [, month, day, hour, minute, second, ms] = m.map(Number);
  const stamp: Stamp = {
    kind: 'yearless',
    ms: wallMs(2000, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0, second ?? 0, ms),
  };
  return { signal: signalOf(text.slice(m[0].length)), stamp, name: pod[1], kind: pod[1] };
}

/** What Docker says of a container that it could not start, its port being taken or not its own. */
function daemonError(text: string): Said | null {
  const name = NO_PORT.exec(text)?.[1];
  if (name === undefined) return null;
  const signal = roleOf(name) === 'proxy' ? 'proxy.bind-failed' : 'app.port-in-use';
  return { signal, stamp: NO_STAMP, name, kind: name };
}

/** What Amazon ECS says of a service, and of a container that reached the memory of its task; it does not say which. */
function ecsReason(text: string): Said | null {
  if (ECS_MEMORY.test(text))
    return { signal: 'unit.oom-killed', stamp: NO_STAMP, name: 'container', kind: 'container' };
  const [, name, isUnhealthy] = ECS_SERVICE.exec(text) ?? [];
  if (name === undefined) return null;
  const signal = isUnhealthy === undefined ? 'unit.start-failed' : 'unit.probe-failed';
  return { signal, stamp: NO_STAMP, name, kind: name };
}

/** What `docker compose up` prints of a container that ended, or did not become healthy. */
function composeEnd(text: string): Said | null {
  const [, name, code] = COMPOSE_END.exec(text) ?? COMPOSE_WAITS.exec(text) ?? [];
  if (name === undefined) return jobFailed(text);
  if (code === undefined) return { signal: 'unit.start-failed', stamp: NO_STAMP, name, kind: name };
  const exitCode = Number(code);
  return { signal: exitSignal(exitCode), stamp: NO_STAMP, name, kind: name, exitCode };
}

/** A job for whose end others wait: they do not start, whatever the job is called. */
function jobFailed(text: string): Said | null {
  const [, name, code] = COMPOSE_JOB.exec(text) ?? [];
  if (name === undefined) return null;
  return { signal: 'unit.start-failed', stamp: NO_STAMP, name, kind: 'container', exitCode: Number(code) };
}

/** A container that never ran; of one that says it itself the program is told, where its log has no name before each line. */
function notRun(text: string, program: string | undefined): Said | null {
  const match = NOT_RUN.exec(text) ?? NOT_EXECUTED.exec(text);
  const name = program ?? match?.[1]?.replace(/^.*\//, '') ?? 'container';
  return match === null ? null : { signal: 'unit.start-failed', stamp: NO_STAMP, name, kind: name };
}

/** The container that the message of an event names. */
const containerIn = (message = ''): string =>
  /[Cc]ontainer (?:with id \w{1,20}:\/\/)?(?:\S{1,100} in pod )?([\w.-]{1,253})/.exec(message)?.[1] ?? '';

function tableEvent(text: string): Said | null {
  const m = TABLE.exec(text) ?? undefined;
  if (m !== undefined) {
    const name = m[2]?.includes('/') === true ? m[2].replace(/^pods?\//, '') : containerIn(m[3]);
    return { signal: signalOf(`${m[1]} ${m[3]}`), stamp: NO_STAMP, name, kind: name };
  }
  const described = DESCRIBED.exec(text);
  if (described === null) return null;
  const name = containerIn(described[3]);
  return { signal: signalOf(`${described[1]} ${described[3]}`), stamp: NO_STAMP, name, kind: name };
}

/** An event as a shipper has it, or `kubectl get events --watch -o json` through `jq -c`, one on a line. */
function jsonEvent(text: string): Said | null {
  if (!text.startsWith('{') || !/"(?:involvedObject|regarding)"/.test(text)) return null;
  const event = parseObject(text);
  return event === null ? null : eventSaid(event);
}

const isHead = (text: string): boolean => TABLE_HEAD.test(text) || DESCRIBED_HEAD.test(text) || isListHead(text);

function read(text: string, program: string | undefined): Said | null {
  return (
    dockerEvent(text) ??
    composeEnd(text) ??
    daemonError(text) ??
    notRun(text, program) ??
    ecsReason(text) ??
    klogEvent(text) ??
    tableEvent(text) ??
    listedContainer(text) ??
    jsonEvent(text)
  );
}

function rfc1123(text: string): Stamp {
  const m = RFC1123.exec(text);
  const month = monthIndex(m?.[2] ?? '');
  const offset = parseOffset(m?.[7] ?? '');
  if (m === null || month === undefined || offset === undefined) return NO_STAMP;
  const [, day, , year, hour, minute, second] = m.map(Number);
  return zonedStamp(wallMs(year ?? 0, month, day ?? 0, hour ?? 0, minute ?? 0, second ?? 0), offset);
}

/** The description of a pod as far as it was read. */
interface Description {
  readonly pod: string;
  container: string;
  /** The state at hand, what it is called and what it says; empty outside of one. */
  state: string;
  reason: string;
  exitCode: number;
  /** Lines that the message of an event at its end may still go on over. */
  mayFollow: number;
}

/** The output of a probe is cut at some ten lines of usual length (1 KiB). */
const MOST_FOLLOWING = 20;

class ContainersParser implements LineParser {
  private readonly emit: Emit;
  private pod: Description | null = null;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const text = line.text.slice(0, LONGEST);
    if (isHead(text)) return true;
    const said = read(text, line.wrapper?.program);
    if (said !== null) {
      const name = said.name === '' ? (this.pod?.pod ?? '') : said.name;
      this.say(line, said.name === '' ? { ...said, name, kind: name } : said);
      if (this.pod !== null) this.pod.mayFollow = MOST_FOLLOWING;
      return true;
    }
    return this.described(line, text);
  }

  end(): void {}

  private described(line: Line, text: string): boolean {
    const name = POD_NAME.exec(text)?.[1];
    if (name !== undefined) {
      this.pod = { pod: name, container: '', state: '', reason: '', exitCode: Number.NaN, mayFollow: 0 };
      return true;
    }
    // A description may be pasted from its middle.
    if (this.pod === null && ONLY_DESCRIBED.test(text))
      this.pod = { pod: '', container: '', state: 'State', reason: '', exitCode: Number.NaN, mayFollow: 0 };
    const { pod } = this;
    if (pod === null) return false;
    if (!DESCRIPTION.test(text)) {
      if (pod.mayFollow-- > 0) return true;
      this.pod = null;
      return false;
    }
    pod.container = CONTAINER.exec(text)?.[1] ?? pod.container;
    this.state(line, text, pod);
    return true;
  }

  private state(line: Line, text: string, pod: Description): void {
    const [, word = '', value = ''] = STATE.exec(text) ?? [];
    if (word === 'State' || word === 'Last State') {
      pod.state = word;
      pod.reason = '';
      pod.exitCode = Number.NaN;
    } else if (pod.state === '') return;
    else if (word === 'Reason') pod.reason = value;
    else if (word === 'Exit Code') pod.exitCode = Number(value);
    else if (word === 'Finished') {
      const { pod: name, container, reason, exitCode } = pod;
      pod.state = '';
      if (!Number.isFinite(exitCode)) return;
      const signal = reason === 'OOMKilled' ? 'unit.oom-killed' : exitSignal(exitCode);
      this.say(line, { signal, stamp: rfc1123(value), name, kind: kindInPod(container, name), exitCode });
    }
  }

  private say(line: Line, { signal, stamp, name, kind, exitCode }: Said): void {
    const program = signal === 'proxy.bind-failed' ? serverNamed(name) : undefined;
    const values = present({ exitCode, program });
    const role = roleOf(kind);
    const said = signalFor(role, signal, line.text.slice(0, LONGEST));
    this.emit(unitClue(line, { signal: said, stamp, subject: name, role, values }));
  }
}

const examples = (): readonly Example[] => [
  {
    shows: 'Docker: a container that was killed for lack of memory',
    input: [
      '2026-11-20T08:14:38.123456789Z container oom 3f2a9c1d7e50a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f607182930 (image=shop:1.4, name=shop-web-1)',
      '2026-11-20T08:14:38.223456789Z container die 3f2a9c1d7e50a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f607182930 (execDuration=512, exitCode=137, image=shop:1.4, name=shop-web-1)',
      '2026-11-20T08:14:39.023456789Z container start 3f2a9c1d7e50a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f607182930 (image=shop:1.4, name=shop-web-1)',
    ].join('\n'),
    records: [
      {
        kind: 'clue',
        hop: 'host',
        signal: 'unit.oom-killed',
        subject: 'shop-web-1',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 14, 38, 123) },
        values: { role: 'app' },
      },
      { signal: 'unit.killed', values: { role: 'app', exitCode: 137 } },
      { signal: 'unit.started', subject: 'shop-web-1' },
    ],
  },
  {
    shows: 'Docker: a container that exited with an error',
    input:
      '2026-11-20T08:14:38.223456789+01:00 container die 3f2a9c1d7e50 (execDuration=2, exitCode=1, image=mariadb:10.11, name=db)',
    records: [{ signal: 'unit.exited', subject: 'db', values: { role: 'db', exitCode: 1 } }],
  },
  {
    shows: 'Docker: containers that did not come up',
    input: [
      'dependency failed to start: container shop-api-1 is unhealthy',
      'dependency failed to start: container shop-worker-1 exited (1)',
      ' ✘ Container shop-setup-1  service "setup" didn\'t complete successfully: exit 1    13.4s',
      'Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "gunicorn": executable file not found in $PATH: unknown',
    ].join('\n'),
    records: [
      { signal: 'unit.start-failed', subject: 'shop-api-1' },
      { signal: 'unit.exited', subject: 'shop-worker-1', values: { role: 'app', exitCode: 1 } },
      { signal: 'unit.start-failed', subject: 'setup', values: { role: 'app', exitCode: 1 } },
      { signal: 'unit.start-failed', values: { role: 'app' } },
    ],
  },
  {
    shows: 'a container whose program cannot be run, in its own log: another machine’s kind, not executable',
    input: [
      'exec /usr/local/bin/gunicorn: exec format error',
      'standard_init_linux.go:228: exec user process caused: no such file or directory',
      'standard_init_linux.go:207: exec user process caused "permission denied"',
    ].join('\n'),
    records: [
      { signal: 'unit.start-failed', subject: 'gunicorn', values: { role: 'app' } },
      { signal: 'unit.start-failed', subject: 'container' },
      { signal: 'unit.start-failed', subject: 'container', values: { role: 'app' } },
    ],
  },
  {
    shows: 'Amazon ECS: what its service’s events say of targets and tasks',
    input: [
      '(service shop) (port 8080) is unhealthy in (target-group arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/shop/73e2d6bc24d8a067) due to (reason Health checks failed with these codes: [502])',
      'service shop (instance i-0abcd) (port 32826) is unhealthy in target-group shop due to (reason Request timed out)',
      '(service shop) was unable to place a task because no container instance met all of its requirements.',
    ].join('\n'),
    records: [
      { signal: 'unit.probe-failed', subject: 'shop', values: { role: 'app' }, stamp: NO_STAMP },
      { signal: 'unit.probe-failed', subject: 'shop' },
      { signal: 'unit.start-failed', subject: 'shop' },
    ],
  },
  {
    shows: 'Docker: a container whose port is taken',
    input:
      'docker: Error response from daemon: driver failed programming external connectivity on endpoint nginx-proxy (669659d666e6b6164716c6009cc1f1b4): Bind for 0.0.0.0:80 failed: port is already allocated.',
    records: [{ signal: 'proxy.bind-failed', subject: 'nginx-proxy', values: { role: 'proxy' } }],
  },
  {
    shows: 'Amazon ECS: a container that used more memory than its task has',
    input: 'exit 137  OutOfMemoryError: Container killed due to memory usage  19:51:01',
    records: [{ signal: 'unit.oom-killed', stamp: NO_STAMP, values: { role: 'app' } }],
  },
  {
    shows: 'Compose, as it runs in the foreground: a container that ended by itself, and one that was told to',
    input: ['shop_nginx_1 exited with code 1', 'api-1 exited with code 0 (restarting)'].join('\n'),
    records: [
      { signal: 'unit.exited', subject: 'shop_nginx_1', stamp: NO_STAMP, values: { role: 'proxy', exitCode: 1 } },
      { signal: 'unit.chatter', subject: 'api-1' },
    ],
  },
  {
    shows: 'Docker: a container that was told to stop, and a job that is done',
    input: [
      '2026-11-20T08:14:38.123456789Z container kill 3f2a9c1d7e50 (image=shop:1.4, name=shop-web-1, signal=15)',
      '2026-11-20T08:14:39.023456789Z container die 3f2a9c1d7e50 (execDuration=512, exitCode=0, image=shop:1.4, name=shop-web-1)',
      '2026-11-20T08:14:39.123456789Z container stop 3f2a9c1d7e50 (image=shop:1.4, name=shop-web-1)',
      '2026-11-20T08:15:00.123456789Z container die 9c1d7e503f2a (execDuration=2, exitCode=0, image=shop:1.4, name=shop-cron-1)',
    ].join('\n'),
    records: [
      { signal: 'unit.stopping', subject: 'shop-web-1' },
      { signal: 'unit.chatter' },
      { signal: 'unit.stopped', subject: 'shop-web-1' },
      { signal: 'unit.chatter', subject: 'shop-cron-1', values: { exitCode: 0 } },
    ],
  },
  {
    shows: 'events of Kubernetes as kubectl prints them: how long ago, no time',
    input: [
      'LAST SEEN   TYPE      REASON      OBJECT                      MESSAGE',
      '12m         Warning   Unhealthy   pod/web-7d9c5b6f4-x2x9q     Readiness probe failed: HTTP probe failed with statuscode: 503',
      '2m11s       Warning   BackOff     pod/web-7d9c5b6f4-x2x9q     Back-off restarting failed container web in pod web-7d9c5b6f4-x2x9q_default(0b1c)',
      '12m         Normal    Killing     pod/web-7d9c5b6f4-x2x9q     Stopping container web',
    ].join('\n'),
    records: [
      { signal: 'unit.probe-failed', subject: 'web-7d9c5b6f4-x2x9q', values: { role: 'app' }, stamp: NO_STAMP },
      { signal: 'unit.exited' },
      { signal: 'unit.stopping' },
    ],
  },
  {
    shows: 'the same of kubectl 1.14, which does not name the pod',
    input: [
      'LAST SEEN   TYPE      REASON      KIND   MESSAGE',
      '4m40s       Warning   Unhealthy   Pod    Readiness probe failed: Get http://192.0.2.62:10254/healthz: net/http: request canceled (Client.Timeout exceeded while awaiting headers)',
      '2m          Normal    Killing     Pod    Killing container with id docker://shop:Container failed liveness probe.. Container will be killed and recreated.',
    ].join('\n'),
    records: [{ signal: 'unit.probe-failed', values: { role: 'app' } }, { signal: 'unit.killed' }],
  },
  {
    shows: 'cloudflared, asked whether it is ready: no connection to Cloudflare',
    input:
      '2m10s       Warning   Unhealthy   pod/cloudflared-6f8d9c7b5-x2x4z     Liveness probe failed: HTTP probe failed with statuscode: 503',
    records: [{ signal: 'unit.tunnel-not-ready', subject: 'cloudflared-6f8d9c7b5-x2x4z', values: { role: 'tunnel' } }],
  },
  {
    shows: 'Docker’s list of containers: how long ago, no time',
    input: [
      'CONTAINER ID   IMAGE                           COMMAND                  CREATED       STATUS                        PORTS                NAMES',
      '9a8b7c6d5e4f   nginx:1.25                      "/docker-entrypoint.…"   2 weeks ago   Up 2 weeks                    0.0.0.0:80->80/tcp   web',
      '1a2b3c4d5e6f   registry.example.com/api:7      "node server.js"         3 hours ago   Exited (137) 2 minutes ago                         api',
      '2b3c4d5e6f70   php:8.2-fpm                     "docker-php-entrypoi…"   3 hours ago   Restarting (78) 5 seconds ago                      shop-php-1',
      '3c4d5e6f7081   mariadb:10.11                   "docker-entrypoint.s…"   3 hours ago   Up 3 hours (unhealthy)        3306/tcp             db',
      '4d5e6f708192   registry.example.com/api:7      "node migrate.js"        3 hours ago   Exited (0) 3 hours ago                             api-old',
    ].join('\n'),
    records: [
      { signal: 'unit.chatter', subject: 'web', values: { role: 'proxy' } },
      { signal: 'unit.killed', subject: 'api', values: { role: 'app', exitCode: 137 }, stamp: NO_STAMP },
      { signal: 'unit.exited', subject: 'shop-php-1', values: { role: 'fpm', exitCode: 78 } },
      { signal: 'unit.probe-failed', subject: 'db', values: { role: 'db' } },
      { signal: 'unit.stopped', subject: 'api-old' },
    ],
  },
  {
    shows: 'the list of Compose, and that of pods',
    input: [
      'NAME          IMAGE                           COMMAND             SERVICE   CREATED       STATUS                     PORTS',
      'shop-api-1    registry.example.com/api:7      "node server.js"    api       3 hours ago   Exited (1) 2 minutes ago',
      'NAMESPACE   NAME                        READY   STATUS             RESTARTS         AGE',
      'shop        api-7d9c5b6f4-x2x9q         0/1     CrashLoopBackOff   14 (2m31s ago)   51m',
      'shop        web-6f9c7d8b5-abcde         0/1     Running            0                12d',
      'shop        worker-6f9c7d8b5-qqqqq      0/1     OOMKilled          3                12d',
      'shop        cloudflared-5c8d66c76-4xk   1/1     Running            0                12d',
    ].join('\n'),
    records: [
      { signal: 'unit.exited', subject: 'shop-api-1', values: { role: 'app', exitCode: 1 } },
      { signal: 'unit.exited', subject: 'api-7d9c5b6f4-x2x9q', values: { role: 'app' } },
      { signal: 'unit.probe-failed', subject: 'web-6f9c7d8b5-abcde' },
      { signal: 'unit.oom-killed', subject: 'worker-6f9c7d8b5-qqqqq' },
      { signal: 'unit.chatter', subject: 'cloudflared-5c8d66c76-4xk', values: { role: 'tunnel' } },
    ],
  },
  {
    shows: 'the state of a container in the description of its pod',
    input: [
      'Name:             web-7d9c5b6f4-x2x9q',
      '    State:          Running',
      '      Started:      Fri, 20 Nov 2026 08:14:41 +0000',
      '    Last State:     Terminated',
      '      Reason:       OOMKilled',
      '      Exit Code:    137',
      '      Started:      Fri, 20 Nov 2026 07:02:10 +0000',
      '      Finished:     Fri, 20 Nov 2026 08:14:38 +0000',
      '  Warning  BackOff  3m (x12 over 5m)  kubelet  Back-off restarting failed container',
    ].join('\n'),
    records: [
      {
        signal: 'unit.oom-killed',
        subject: 'web-7d9c5b6f4-x2x9q',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 14, 38), offsetMinutes: 0 },
        values: { role: 'app', exitCode: 137 },
      },
      { signal: 'unit.exited' },
    ],
  },
  {
    shows:
      'a whole description: sidecars are told by the container’s name, and what a variable is called means nothing',
    input: [
      'Name:             web-7d9c5b6f4-x2x9q',
      'Namespace:        default',
      'Service Account:  default',
      'Labels:           app=web',
      '                  pod-template-hash=7d9c5b6f4',
      'Containers:',
      '  istio-proxy:',
      '    Image:          docker.io/istio/proxyv2:1.20',
      '    State:          Running',
      '      Started:      Fri, 20 Nov 2026 08:10:41 +0000',
      '    Last State:     Terminated',
      '      Reason:       Error',
      '      Exit Code:    1',
      '      Started:      Fri, 20 Nov 2026 07:02:10 +0000',
      '      Finished:     Fri, 20 Nov 2026 08:10:38 +0000',
      '    Ready:          True',
      '    Environment:',
      '      Reason:  x',
      'QoS Class:       Burstable',
      'Events:',
      '  Type     Reason            Age                 From               Message',
      '  ----     ------            ----                ----               -------',
      '  Warning  Unhealthy         17h (x3 over 17h)   kubelet            Liveness probe failed: line one',
      'line two: of the probe',
    ].join('\n'),
    records: [
      {
        signal: 'unit.exited',
        subject: 'web-7d9c5b6f4-x2x9q',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 10, 38), offsetMinutes: 0 },
        values: { role: 'proxy', exitCode: 1 },
      },
      { signal: 'unit.probe-failed', subject: 'web-7d9c5b6f4-x2x9q' },
    ],
  },
  {
    shows: 'the kubelet',
    input:
      'Nov 20 08:14:38 node1 kubelet[812]: E1120 08:14:38.123456     812 pod_workers.go:1301] "Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"web\\" with CrashLoopBackOff: \\"back-off 40s restarting failed container=web pod=web-7d9c5b6f4-x2x9q_default(0b1c)\\"" pod="default/web-7d9c5b6f4-x2x9q" podUID="0b1c"',
    records: [
      { signal: 'unit.exited', subject: 'default/web-7d9c5b6f4-x2x9q', server: 'node1', values: { role: 'app' } },
    ],
  },
  {
    shows: 'an event as a shipper has it',
    input:
      '{"metadata":{"name":"web.17a","namespace":"default"},"involvedObject":{"kind":"Pod","namespace":"default","name":"web-7d9c5b6f4-x2x9q"},"reason":"Killing","message":"Container web failed liveness probe, will be restarted","type":"Normal","lastTimestamp":"2026-11-20T08:14:38Z"}',
    records: [{ signal: 'unit.killed', subject: 'web-7d9c5b6f4-x2x9q', values: { role: 'app' } }],
  },
];

/** What Docker and Kubernetes say of containers. */
export const containers: LineFormat = {
  id: 'containers',
  title: 'Docker and Kubernetes: events and lists, kubelet',
  shape: 'lines',
  hop: 'host',
  foundAt: [
    'docker events --since 24h --until 0s',
    'docker ps -a',
    'docker compose up',
    'kubectl get events --all-namespaces --sort-by=.lastTimestamp',
    'kubectl get pods --all-namespaces',
    'kubectl describe pod POD',
    'journalctl -u kubelet',
  ],
  limits: [
    'kubectl and docker ps print how long ago it was, not when: such lines count in excerpts only. With -o json or -o yaml they have times.',
    'Kubernetes keeps events for an hour, Docker the last 256.',
    'What a container or pod is, is told by its name and image; one that nobody knows is taken for the application.',
  ],
  examples,
  score: ({ text, wrapper }) => {
    const part = text.slice(0, LONGEST);
    if (isHead(part) || read(part, wrapper?.program) !== null) return 0.95;
    return wrapper === null && ONLY_DESCRIBED.test(part) ? 0.75 : 0;
  },
  open: (emit) => new ContainersParser(emit),
};
