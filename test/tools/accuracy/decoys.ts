import type { Result } from '../../../src/result/schema.ts';
import { type Chance, chanceOf, pick, whole } from './chance.ts';
import { bytesOf, entriesOf, type Files, withChanges } from './folder.ts';
import type { Variant } from './variants.ts';

/**
 * Decoys: loud lines of the same minutes that have nothing to do with the fault. They are written as nginx, PHP, cloudflared,
 * Postfix, cron, sshd and Cloudflare write them; each takes the stamp, and where there are any the names, of a line of the log
 * into which it is put, so that it stands where the log speaks, in its zone and format.
 */
interface Decoy {
  readonly what: string;
  /** Formats of the logs that such lines stand in. */
  readonly into: RegExp;
  /** A line made after one of the log; null where that one cannot serve. */
  readonly after: (line: string, chance: Chance) => string | null;
  /** The lines tell of a real fault of another host. */
  readonly isOtherHost?: true;
}

const STRANGE_HOST = 'intern.example.edu';

const SCANNED = [
  '/wp-login.php',
  '/.env',
  '/xmlrpc.php',
  '/.git/config',
  '/phpmyadmin/index.php',
  '/boaform/admin',
] as const;

const DECOYS: readonly Decoy[] = [
  {
    what: 'scanners in the web server’s error log',
    into: /^nginx-error$/,
    after: nginxLine((chance, server) => {
      const path = pick(chance, SCANNED);
      const request = `client: ${address(chance)}, server: ${server}, request: "GET ${path} HTTP/1.1", host: "${server}"`;
      return pick(chance, [
        ['error', `open() "/var/www/html${path}" failed (2: No such file or directory), ${request}`],
        ['error', `access forbidden by rule, ${request}`],
        ['error', `directory index of "/var/www/html/uploads/" is forbidden, ${request}`],
        [
          'crit',
          `SSL_do_handshake() failed (SSL: error:0A00006C:SSL routines::bad key share) while SSL handshaking, client: ${address(chance)}, server: 0.0.0.0:443`,
        ],
        [
          'info',
          `client sent invalid method while reading client request line, client: ${address(chance)}, server: ${server}, request: "SSTP_DUPLEX_POST /sra_{BA195980}/ HTTP/1.1"`,
        ],
      ]);
    }),
  },
  {
    what: 'another virtual host’s backend closes early',
    into: /^nginx-error$/,
    isOtherHost: true,
    after: nginxLine((chance) => [
      'error',
      `upstream prematurely closed connection while reading response header from upstream, client: ${address(chance)}, server: ${STRANGE_HOST}, request: "GET /api/poll?since=${whole(chance, 1000, 9999)} HTTP/1.1", upstream: "http://127.0.0.1:9941/api/poll", host: "${STRANGE_HOST}"`,
    ]),
  },
  {
    what: 'another virtual host’s backend refuses',
    into: /^nginx-error$/,
    isOtherHost: true,
    after: nginxLine((chance) => [
      'error',
      `connect() failed (111: Connection refused) while connecting to upstream, client: ${address(chance)}, server: ${STRANGE_HOST}, request: "GET /status/${whole(chance, 1, 99)} HTTP/1.1", upstream: "http://127.0.0.1:9941/status", host: "${STRANGE_HOST}"`,
    ]),
  },
  {
    what: 'PHP warnings, and answers buffered to disk',
    into: /^nginx-error$/,
    after: nginxLine((chance, server) => {
      const request = `client: ${address(chance)}, server: ${server}, request: "GET /page/${whole(chance, 1, 99)} HTTP/1.1"`;
      return pick(chance, [
        [
          'error',
          `FastCGI sent in stderr: "PHP message: PHP Warning:  Undefined array key "color" in /var/www/html/lib/theme.php on line ${whole(chance, 10, 400)}" while reading response header from upstream, ${request}, upstream: "fastcgi://unix:/run/php/php8.2-fpm.sock:", host: "${server}"`,
        ],
        [
          'error',
          `FastCGI sent in stderr: "PHP message: PHP Deprecated:  Creation of dynamic property Theme::$mode is deprecated in /var/www/html/lib/theme.php on line ${whole(chance, 10, 400)}" while reading response header from upstream, ${request}, upstream: "fastcgi://unix:/run/php/php8.2-fpm.sock:", host: "${server}"`,
        ],
        [
          'warn',
          `an upstream response is buffered to a temporary file /var/cache/nginx/proxy_temp/4/00/0000000${whole(chance, 100, 999)} while reading upstream, ${request}, upstream: "http://127.0.0.1:8080/page", host: "${server}"`,
        ],
      ]);
    }),
  },
  {
    what: 'scanners and visitors who leave in the access log',
    into: /^nginx-access$/,
    after: (line, chance) => {
      const [status, path] = pick(chance, [
        ['404', pick(chance, SCANNED)],
        ['404', '/ads.txt'],
        ['403', '/.git/config'],
        ['499', '/search/?q=lamp'],
      ]);
      const json = line
        .replace(/"status": ?"?\d{3}"?/, `"status":${status}`)
        .replace(/"(uri|request_uri)": ?"[^"]*"/, `"$1":"${path}"`);
      if (line.startsWith('{')) return json === line ? null : withOtherRay(json, chance);
      const text = line.replace(
        /"(?:GET|POST|HEAD|PUT|DELETE|OPTIONS) \S+ (HTTP\/[\d.]+)" \d{3} \d+/,
        `"GET ${path} $1" ${status} 162`,
      );
      // A row that tells of its upstream would tell another story than its status.
      return text === line
        ? null
        : withOtherRay(text.replace(/\bus="[^"]*"/, `us="${status === '499' ? '-' : status}"`), chance);
    },
  },
  {
    what: 'scanners and refusals in the edge’s rows',
    into: /^cloudflare-http$/,
    after: edgeRow((row, chance) => {
      const path = pick(chance, SCANNED);
      const scanned = { ...row, ClientRequestPath: path, ClientRequestURI: path, ClientRequestMethod: 'GET' };
      return pick(chance, [
        { ...scanned, EdgeResponseStatus: 404, OriginResponseStatus: 404 },
        { ...scanned, EdgeResponseStatus: 404, OriginResponseStatus: 404 },
        { ...scanned, EdgeResponseStatus: 499, OriginResponseStatus: 0 },
      ]);
    }),
  },
  {
    what: 'another host’s origin answers 502 in the edge’s rows',
    into: /^cloudflare-http$/,
    isOtherHost: true,
    after: edgeRow((row, chance) => ({
      ...row,
      ClientRequestHost: STRANGE_HOST,
      EdgeRequestHost: STRANGE_HOST,
      ZoneName: 'example.edu',
      ClientRequestPath: '/api/poll',
      ClientRequestURI: `/api/poll?since=${whole(chance, 1000, 9999)}`,
      ClientRequestMethod: 'GET',
      EdgeResponseStatus: 502,
      OriginResponseStatus: 502,
    })),
  },
  {
    what: 'visitors who leave, in cloudflared’s log',
    into: /^cloudflared$/,
    after: tunnelLine((chance) =>
      pick(chance, [
        [
          'ERR',
          ` error="Incoming request ended abruptly: context canceled" connIndex=${whole(chance, 0, 4)} event=1 ingressRule=0 originService=http://localhost:80`,
        ],
        [
          'ERR',
          `Request failed error="Incoming request ended abruptly: context canceled" connIndex=${whole(chance, 0, 4)} dest=https://${STRANGE_HOST}/events event=0 ip=198.41.192.7 type=http`,
        ],
        ['ERR', 'failed to run the datagram handler error="context canceled" connIndex=2 event=0 ip=198.41.200.13'],
        [
          'WRN',
          'The user running cloudflared process has a GID (group ID) that is not within ping_group_range. You might need to add that user to a group within that range, or instead update the range to encompass a group the user is already in by modifying /proc/sys/net/ipv4/ping_group_range. Otherwise cloudflared will not be able to ping this network error="Group ID 1001 is not between ping group 1 to 0"',
        ],
      ]),
    ),
  },
  {
    what: 'mail, cron, backups and scanners in the journal',
    into: /^(?:journal|kernel|systemd|syslog)$/,
    after: journalLine((chance) =>
      pick(chance, [
        'postfix/smtp[2210]: connect to mx.example.org[192.0.2.25]:25: Connection timed out',
        'postfix/smtp[2210]: 4F1AC2: to=<root@example.org>, relay=none, delay=4031, status=deferred (connect to mx.example.org[192.0.2.25]:25: Connection refused)',
        'CRON[4411]: (root) CMD (/usr/local/bin/report.sh)',
        'CRON[4411]: (CRON) error (grandchild #4412 failed with exit status 1)',
        'systemd[1]: backup.service: Main process exited, code=exited, status=1/FAILURE',
        "systemd[1]: backup.service: Failed with result 'exit-code'.",
        'systemd[1]: Failed to start backup.service - Nightly backup.',
        'certbot[5120]: Failed to renew certificate old.example.org with error: Some challenges have failed.',
        `sshd[6103]: Failed password for invalid user admin from ${address(chance)} port ${whole(chance, 20_000, 60_000)} ssh2`,
        `kernel: [UFW BLOCK] IN=eth0 OUT= MAC=02:42:ac:11:00:02 SRC=${address(chance)} DST=203.0.113.24 LEN=44 TOS=0x00 PREC=0x00 TTL=240 ID=${whole(chance, 1, 60_000)} PROTO=TCP SPT=${whole(chance, 20_000, 60_000)} DPT=23 WINDOW=1024 RES=0x00 SYN URGP=0`,
      ]),
    ),
  },
  {
    what: 'PHP warnings in PHP’s own log',
    into: /^php-error$/,
    after: (line, chance) => {
      const stamp = /^\[\d\d-\w{3}-\d{4} [^\]]+\] /.exec(line)?.[0];
      if (stamp === undefined) return null;
      const at = `in /var/www/html/lib/theme.php on line ${whole(chance, 10, 400)}`;
      return pick(chance, [
        `${stamp}PHP Warning:  Undefined array key "color" ${at}`,
        `${stamp}PHP Warning:  file_get_contents(https://feeds.example.org/rss): Failed to open stream: HTTP request failed! HTTP/1.1 404 Not Found ${at}`,
        `${stamp}PHP Deprecated:  strlen(): Passing null to parameter #1 ($string) of type string is deprecated ${at}`,
      ]);
    },
  },
  {
    what: 'warnings that PHP’s workers print, in the log of PHP-FPM',
    into: /^php-fpm$/,
    after: (line, chance) => {
      const stamp = /^\[\d\d-\w{3}-\d{4} [\d:.]+\] /.exec(line)?.[0];
      if (stamp === undefined) return null;
      return `${stamp}WARNING: [pool www] child ${whole(chance, 1000, 9000)} said into stderr: "NOTICE: PHP message: PHP Warning:  Undefined variable $mode in /var/www/html/lib/theme.php on line ${whole(chance, 10, 400)}"`;
    },
  },
];

/** Lines of each decoy that are put between the lines of a log: of an incident, and of a pasted case. */
const LOUDNESS = { incident: [30, 120], case: [2, 6] } as const;

/** The folder with each decoy that one of its logs can hold, in two degrees of loudness. */
export function decoys(id: string, files: Files, base: Result, isCase: boolean, seed: number): readonly Variant[] {
  return DECOYS.flatMap(({ what, into, after, isOtherHost }) => {
    // Pasted lines do not say which host was asked about: another's fault would be a second answer to the question.
    if (isCase && isOtherHost) return [];
    const targets = base.sources.filter(({ format }) => into.test(format)).map(({ path }) => path);
    return LOUDNESS[isCase ? 'case' : 'incident'].flatMap((count): Variant[] => {
      const chance = chanceOf(`${seed} ${id} ${what} ${count}`);
      const changes = new Map<string, Buffer>();
      for (const name of targets) {
        const bytes = files.get(name);
        const added = bytes && mixed(entriesOf(bytes), Math.ceil(count / targets.length), after, chance);
        if (added) changes.set(name, bytesOf(added));
      }
      if (changes.size === 0) return [];
      const strange = isOtherHost ? { strangeHost: STRANGE_HOST } : {};
      return [{ kind: 'decoy', what: `${what}, ${count} lines`, files: withChanges(files, changes), ...strange }];
    });
  });
}

/** Puts lines made after some of the log's entries behind them; null where no line could be made. */
function mixed(entries: readonly string[][], count: number, after: Decoy['after'], chance: Chance): string[] | null {
  const added = new Map<number, string[]>();
  for (let i = 0; i < count; i++) {
    const index = whole(chance, 0, entries.length);
    const line = after(entries[index]?.[0] ?? '', chance);
    if (line !== null) added.set(index, [...(added.get(index) ?? []), line]);
  }
  return added.size === 0 ? null : entries.flatMap((entry, i) => [...entry, ...(added.get(i) ?? [])]);
}

const address = (chance: Chance): string => `192.0.2.${whole(chance, 1, 255)}`;

function withOtherRay(row: string, chance: Chance): string {
  return row.replace(/[0-9a-f]{12}(?=[0-9a-f]{4}\b(?:-[A-Z]{3})?)/, () =>
    whole(chance, 0, 2 ** 47)
      .toString(16)
      .padStart(12, '0'),
  );
}

function nginxLine(say: (chance: Chance, server: string) => readonly [string, string]): Decoy['after'] {
  return (line, chance) => {
    const head = /^(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d) \[\w+\] (\d+#\d+): /.exec(line);
    if (head === null) return null;
    const server = /server: ([\w.-]+)/.exec(line)?.[1] ?? 'www.example.org';
    const [level, text] = say(chance, server);
    return `${head[1]} [${level}] ${head[2]}: *${whole(chance, 1_000_000, 9_000_000)} ${text}`;
  };
}

function tunnelLine(say: (chance: Chance) => readonly [string, string]): Decoy['after'] {
  return (line, chance) => {
    const head = /^(.*?\d{4}-\d\d-\d\dT[\d:.]+Z) (?:INF|ERR|WRN|DBG) /.exec(line);
    if (head === null) return null;
    const [level, text] = say(chance);
    return `${head[1]} ${level} ${text}`;
  };
}

function journalLine(say: (chance: Chance) => string): Decoy['after'] {
  return (line, chance) => {
    const head = /^(\w{3} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) (\S+) /.exec(line);
    return head === null ? null : `${head[0]}${say(chance)}`;
  };
}

function edgeRow(change: (row: Record<string, unknown>, chance: Chance) => Record<string, unknown>): Decoy['after'] {
  return (line, chance) => {
    if (!line.startsWith('{')) return null;
    const row = JSON.parse(line) as Record<string, unknown>;
    if (row.OriginResponseStatus !== 200 || row.EdgeResponseStatus !== 200) return null;
    const ray = whole(chance, 0, 2 ** 47)
      .toString(16)
      .padStart(12, '0');
    return JSON.stringify({ ...change(row, chance), RayID: `${ray}${String(row.RayID).slice(12)}` });
  };
}
