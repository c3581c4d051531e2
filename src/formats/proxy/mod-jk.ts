import type { Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { monthIndex, wallMs } from '../stamps.ts';

/** `[Tue Mar 12 10:15:33.123 2024] [812:139] [error] ajp_service::jk_ajp_common.c (2796): (worker1) `; new versions name the request, too. */
const HEAD =
  /^\[[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d{3}))? (\d{4})\] ?(?:\[[\w-]{1,60}\] )?\[(\d{1,10}:\d{1,20})\] \[(trace|debug|info|warn|error|emerg)\] {1,4}(?:\w{1,60}::)?\w{1,40}\.c \(\d{1,6}\): (?:\([\w.:-]{1,100}\) )?/;
const ADDRESS = /\((?:\[?([\d.:a-fA-F]{3,45})\]?:(\d{1,5}))\)|connect to \[?([\d.:a-fA-F]{3,45}?)\]?:(\d{1,5}) failed/;
const LONGEST = 4096;
const MOST_THREADS = 10_000;

interface ModJkMessage {
  readonly signal: SignalId;
  readonly pattern: RegExp;
  readonly sample: string;
}

/** How mod_jk says that it could not connect: by the system's number. */
const FAILED = String.raw`^(?:connect to |Failed opening socket to |connecting to backend failed\.).{0,200}\(errno=`;

/** What mod_jk says of Tomcat. Source: tomcat-connectors, native/common (jk_connect.c, jk_ajp_common.c, jk_lb_worker.c); public reports. */
export const MOD_JK_MESSAGES: readonly ModJkMessage[] = [
  {
    signal: 'proxy.backend-refused',
    pattern: new RegExp(`${FAILED}(?:111|61|146|10061|61)\\)`),
    sample: 'connect to 127.0.0.1:8009 failed (errno=111)',
  },
  {
    signal: 'proxy.connect-timeout',
    pattern: new RegExp(`${FAILED}(?:110|60|115|145|10060)\\)`),
    sample: 'Failed opening socket to (192.0.2.5:8009) (errno=110)',
  },
  {
    signal: 'proxy.backend-unreachable',
    pattern: new RegExp(`${FAILED}(?:113|101|65|51|148)\\)`),
    sample: 'connect to 192.0.2.5:8009 failed (errno=113)',
  },
  {
    signal: 'proxy.connect-denied',
    pattern: new RegExp(`${FAILED}(?:13|1)\\)`),
    sample: 'connect to 127.0.0.1:8009 failed (errno=13)',
  },
  {
    // Without a number, and the last line on a request.
    signal: 'proxy.backend-refused',
    pattern: /^connecting to (?:tomcat|backend) failed\b/i,
    sample: 'connecting to tomcat failed (rc=-3, errors=5, client_errors=0).',
  },
  {
    signal: 'proxy.backend-timeout',
    pattern: /^(?:Timeout with waiting reply from tomcat|awaited reply cpong, not received)/,
    sample: 'Timeout with waiting reply from tomcat. Tomcat is down, stopped or network problems (errno=110)',
  },
  {
    signal: 'proxy.backend-closed',
    pattern: /^Tomcat is down or refused connection\. No response has been sent/,
    sample: 'Tomcat is down or refused connection. No response has been sent to the client (yet)',
  },
  {
    signal: 'proxy.backend-cut',
    pattern: /^Tomcat is down or network problems\. Part of the response has already been sent/,
    sample: 'Tomcat is down or network problems. Part of the response has already been sent to the client',
  },
  {
    signal: 'proxy.backend-invalid',
    pattern: /^wrong message format 0x/,
    sample: 'wrong message format 0x4854 from 127.0.0.1:8090',
  },
  {
    signal: 'proxy.no-backend',
    pattern: /^All tomcat instances (?:failed, no more workers left|are busy or in error state)/,
    sample: 'All tomcat instances failed, no more workers left',
  },
];

/** What it goes on to say of a request whose backend it has named: attempts, and their end. */
const GOES_ON =
  /^(?:Failed opening socket to |connecting to (?:backend|tomcat) failed|error connecting to the backend server|sending request to tomcat failed|receiving from tomcat failed|unrecoverable error \d{3}, request failed|Service error=)/i;
const ENDS = /^(?:connecting to tomcat failed|Service error=|All tomcat instances )/i;

class ModJkParser implements LineParser {
  private readonly emit: Emit;
  /** Threads of which it was said what became of the backend, and not yet that the request failed. */
  private readonly told = new Set<string>();

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const text = line.text.slice(0, LONGEST);
    const head = HEAD.exec(text);
    const month = head?.[1] === undefined ? undefined : monthIndex(head[1]);
    if (head === null || month === undefined) return false;
    const clock = [Number(head[2]), Number(head[3]), Number(head[4]), Number(head[5]), Number(head[6] ?? 0)] as const;
    const stamp: Stamp = { kind: 'local', ms: wallMs(Number(head[7]), month, ...clock) };
    const [message, thread] = [text.slice(head[0].length), head[8] ?? ''];
    const address = ADDRESS.exec(message);
    const [ip, port] = [address?.[1] ?? address?.[3], address?.[2] ?? address?.[4]];
    this.emit({
      kind: 'clue',
      hop: 'proxy',
      signal: this.signalOf(message, thread),
      ...entryFields(line, stamp),
      level: head[9] ?? '',
      connection: thread,
      ...(ip === undefined ? {} : { upstream: `${ip}:${port}` }),
      values: { program: 'Apache' },
    });
    return true;
  }

  end(): void {}

  private signalOf(message: string, thread: string): SignalId {
    const isTold = this.told.has(thread);
    if (ENDS.test(message)) this.told.delete(thread);
    const signal = MOD_JK_MESSAGES.find(({ pattern }) => pattern.test(message))?.signal;
    if (GOES_ON.test(message) && (isTold || signal === undefined)) return 'proxy.echo';
    if (signal === undefined) return 'proxy.other';
    if (this.told.size > MOST_THREADS) this.told.clear();
    if (!ENDS.test(message)) this.told.add(thread);
    return signal;
  }
}

const line = (rest: string): string => `[Fri Nov 20 08:14:38.113 2026] [17021:139722724702176] ${rest}`;
const examples = (): readonly Example[] => [
  {
    shows: 'Tomcat that does not listen: all lines on one request',
    input: [
      line('[info] jk_open_socket::jk_connect.c (817): connect to 127.0.0.1:8009 failed (errno=111)'),
      line(
        '[info] ajp_connect_to_endpoint::jk_ajp_common.c (1068): (worker1) Failed opening socket to (127.0.0.1:8009) (errno=111)',
      ),
      line(
        '[error] ajp_send_request::jk_ajp_common.c (1728): (worker1) connecting to backend failed. Tomcat is probably not started or is listening on the wrong port (errno=111)',
      ),
      line(
        '[error] ajp_service::jk_ajp_common.c (2796): (worker1) connecting to tomcat failed (rc=-3, errors=5, client_errors=0).',
      ),
    ].join('\n'),
    records: [
      {
        signal: 'proxy.backend-refused',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 14, 38, 113) },
        upstream: '127.0.0.1:8009',
        connection: '17021:139722724702176',
      },
      { signal: 'proxy.echo' },
      { signal: 'proxy.echo' },
      { signal: 'proxy.echo' },
    ],
  },
  {
    shows: 'an old version, and an answer that did not come in time',
    input: [
      '[Mon Mar 15 23:59:41 2010] [5575:3004840816] [error] ajp_service::jk_ajp_common.c (2212): (ajp13_worker) Connecting to tomcat failed. Tomcat is probably not started or is listening on the wrong port',
      '[Mon Mar 15 23:59:43 2010] [5575:3004840816] [error] ajp_get_reply::jk_ajp_common.c (1926): (ajp13_worker) Timeout with waiting reply from tomcat. Tomcat is down, stopped or network problems (errno=110)',
    ].join('\n'),
    records: [{ signal: 'proxy.backend-refused' }, { signal: 'proxy.backend-timeout' }],
  },
];

/** The log of mod_jk, by which Apache and IIS speak to Tomcat. */
export const modJk: LineFormat = {
  id: 'mod-jk',
  title: 'mod_jk log (Apache or IIS before Tomcat)',
  shape: 'lines',
  hop: 'proxy',
  foundAt: ['/var/log/apache2/mod_jk.log', '/var/log/httpd/mod_jk.log', 'isapi_redirect.log'],
  limits: ['Times are local, without zone.', 'Neither the request nor its client is named.'],
  examples,
  score: ({ text }) => (HEAD.test(text.slice(0, 400)) ? 0.97 : 0),
  open: (emit) => new ModJkParser(emit),
};
