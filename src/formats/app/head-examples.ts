import type { Example } from '../format.ts';

const at = (hour: number, minute: number, second = 0, ms = 0): number =>
  Date.UTC(2026, 10, 20, hour, minute, second, ms);

/** Lines of programs that write heads of their own, as people host them at home behind a tunnel. */
export const HEAD_EXAMPLES = (): readonly Example[] => [
  {
    input: [
      '[11/20/2026, 8:12:30 AM] [Homebridge UI] Homebridge UI v4.56.2 is listening on :: port 8581',
      '[11/20/2026, 8:14:38 PM] Got SIGTERM, shutting down Homebridge...',
    ].join('\n'),
    shows: 'Homebridge',
    records: [
      { signal: 'app.start', stamp: { kind: 'local', ms: at(8, 12, 30) } },
      { signal: 'app.stop', stamp: { kind: 'local', ms: at(20, 14, 38) } },
    ],
  },
  {
    input: [
      'Nov 20, 2026 08:12:30.123 [140231] INFO - Plex Media Server v1.40.2 - Docker Container x86_64',
      'Nov 20, 2026 08:14:38.004 [0x7fa84a7fe700] ERROR - Unable to find a free port.',
    ].join('\n'),
    shows: 'Plex, its threads in digits or hexadecimal',
    records: [
      { signal: 'app.chatter', level: 'info', stamp: { kind: 'local', ms: at(8, 12, 30, 123) } },
      { signal: 'app.error', level: 'error' },
    ],
  },
  {
    input: [
      '2026/11/20 08:12AM INF github.com/portainer/portainer/api/http/server.go:366 > starting HTTP server | bind_address=:9000',
      '8:14PM FTL failed initializing | error="listen tcp :9000: bind: address already in use"',
    ].join('\n'),
    shows: 'zerolog’s console: Portainer’s with the day, and as it comes',
    records: [
      { signal: 'app.chatter', level: 'info', stamp: { kind: 'local', ms: at(8, 12) } },
      { signal: 'app.port-in-use', level: 'fatal', stamp: { kind: 'none' } },
    ],
  },
  {
    input: [
      '[Info] Microsoft.Hosting.Lifetime: Now listening on: http://[::]:8989',
      '[Error] DownloadDecisionMaker: Couldn’t process release.',
      '2026-11-20 08:14:38.5|Fatal|ConsoleApp|EPIC FAIL!',
    ].join('\n'),
    shows: 'NLog on a console and in a file, as Sonarr and its like have it',
    records: [
      { signal: 'app.start', level: 'info' },
      { signal: 'app.error', level: 'error' },
      { signal: 'app.error', level: 'fatal', stamp: { kind: 'local', ms: at(8, 14, 38, 500) } },
    ],
  },
  {
    input: [
      'INFO[2026-11-20T08:12:30Z] server: listening on 0.0.0.0:2342 [12.3ms]',
      'ERRO[0128] dial tcp 192.0.2.4:3306: connect: connection refused',
    ].join('\n'),
    shows: 'logrus to a terminal, with the time and with the seconds since it began',
    records: [
      { signal: 'app.start', level: 'info', stamp: { kind: 'utc', ms: at(8, 12, 30) } },
      { signal: 'app.db-error', level: 'error', stamp: { kind: 'none' } },
    ],
  },
  {
    input: [
      ' INFO: [Nov 20 08:12:30.123] configuring internal webserver host_port=8080',
      'ERROR: [Nov 20 08:14:38.004] failed to configure HTTPS server error=listen tcp 0.0.0.0:8080: bind: address already in use',
    ].join('\n'),
    shows: 'Pterodactyl’s Wings',
    records: [
      { signal: 'app.chatter', level: 'info', stamp: { kind: 'yearless', ms: Date.UTC(2000, 10, 20, 8, 12, 30, 123) } },
      { signal: 'app.port-in-use', level: 'error' },
    ],
  },
  {
    input: [
      'INFO 11-20 08:12:30 [api_server.py:1336] Starting vLLM API server on http://0.0.0.0:8000',
      '(EngineCore_0 pid=212) ERROR 11-20 08:14:38 [core.py:291] EngineCore encountered a fatal error.',
    ].join('\n'),
    shows: 'level first, and a day without year: vLLM, before and since its processes have names',
    records: [
      { signal: 'app.chatter', level: 'info', stamp: { kind: 'yearless', ms: Date.UTC(2000, 10, 20, 8, 12, 30) } },
      { level: 'error', stamp: { kind: 'yearless', ms: Date.UTC(2000, 10, 20, 8, 14, 38) } },
    ],
  },
  {
    input: [
      '2026.11.20 08:12:30.123456 [ 12 ] {} <Error> TCPHandler: Code: 241. DB::Exception: Memory limit (total) exceeded',
      '2026.11.20 08:14:38 ERROR web[][o.s.s.p.Platform] Web server startup failed: Can not connect to database. Please check connectivity and settings',
    ].join('\n'),
    shows: 'dots in the date: ClickHouse, SonarQube',
    records: [
      { signal: 'app.error', level: 'error', stamp: { kind: 'local', ms: at(8, 12, 30, 123) } },
      { signal: 'app.db-error', level: 'error', stamp: { kind: 'local', ms: at(8, 14, 38) } },
    ],
  },
  {
    input: [
      '[info] 2026-11-20T08:12:30.539012Z nonode@nohost <0.9.0> -------- Apache CouchDB has started on http://any:5984/',
      '[Shop:812] error @2026-11-20 08:14:38> Route exception: no such thing in lib/Shop.pm l. 12',
    ].join('\n'),
    shows: 'CouchDB and Dancer2',
    records: [
      { level: 'info', stamp: { kind: 'utc', ms: at(8, 12, 30, 539) } },
      { signal: 'app.error', level: 'error', stamp: { kind: 'local', ms: at(8, 14, 38) } },
    ],
  },
  {
    input: [
      'Fri, 20 Nov 2026 09:12:30 +0100 [CRITICAL] request="f1e2d3" component="TYPO3.CMS.Core.Error": Core: Exception handler (WEB): no such thing',
      '<Nov 20, 2026 8:14:38,539 PM UTC> <Error> <HTTP> <BEA-101017> <no such thing>',
      'E20261120 08:15:00.539012    12 raft_server.h:62] Peer refresh failed',
    ].join('\n'),
    shows: 'TYPO3, WebLogic, and glog with the year',
    records: [
      { signal: 'app.error', level: 'fatal', stamp: { kind: 'utc', ms: at(8, 12, 30) } },
      { signal: 'app.error', level: 'error', stamp: { kind: 'utc', ms: at(20, 14, 38, 539) } },
      { signal: 'app.error', level: 'error', stamp: { kind: 'local', ms: at(8, 15) } },
    ],
  },
  {
    input: [
      'INFO: 2026/11/20 08:12:30 Tunnel connection to server established successfully!',
      'ERROR: 2026/11/20 08:14:38.123456 main.go:41: no such thing',
      '8:14:39 - LiteLLM Proxy:ERROR: proxy_server.py:3456 - Exception occured',
      'error:   An unknown error occurred.',
    ].join('\n'),
    shows: 'Go’s log with a prefix, LiteLLM, and winston with padded levels',
    records: [
      { signal: 'app.chatter', level: 'info', stamp: { kind: 'local', ms: at(8, 12, 30) } },
      { signal: 'app.error', level: 'error', stamp: { kind: 'local', ms: at(8, 14, 38, 123) } },
      { signal: 'app.error', level: 'error', stamp: { kind: 'none' } },
      { signal: 'app.error', level: 'error', stamp: { kind: 'none' } },
    ],
  },
  {
    input: [
      '08:12:30.539 request_id=F3SxPq2a [info] GET /stats',
      '08:14:38.004 pid=<0.3412.0> module=Shop.Repo [error] disconnected',
    ].join('\n'),
    shows: 'Elixir’s Logger with its metadata',
    records: [
      { signal: 'app.chatter', level: 'info' },
      { signal: 'app.error', level: 'error' },
    ],
  },
  {
    input: [
      '[2026-11-20 08:12:30] ERROR connect ECONNREFUSED 192.0.2.4:3306',
      '',
      'connect ECONNREFUSED 192.0.2.4:3306',
      '',
      'Error ID:',
      '    500',
      '',
      '----------------------------------------',
      '',
      'Error: connect ECONNREFUSED 192.0.2.4:3306',
      '    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1495:16)',
      '[2026-11-20 08:14:38] ERROR "GET /" 500 12ms',
      'NAME: InternalServerError',
      'CODE: ECONNREFUSED',
      'MESSAGE: connect ECONNREFUSED 192.0.2.4:3306',
      'level:normal',
      '[2026-11-20 08:15:00] INFO Ghost booted in 1.249s',
    ].join('\n'),
    shows: 'Ghost says the same error more than once: it is one entry, with its time',
    records: [
      { signal: 'app.db-error', line: 1, stamp: { kind: 'local', ms: at(8, 12, 30) } },
      { signal: 'app.db-error', line: 12, stamp: { kind: 'local', ms: at(8, 14, 38) } },
      { signal: 'app.start', line: 17 },
    ],
  },
  {
    input: [
      '2026-11-20T08:14:38.123Z ERROR connect ECONNREFUSED 192.0.2.4:5432',
      'Error: connect ECONNREFUSED 192.0.2.4:5432',
      'Error: connect ECONNREFUSED 192.0.2.4:5432',
      'Error: connect ECONNREFUSED 192.0.2.4:5432',
    ].join('\n'),
    shows: 'what follows again and again without a time is an error each',
    records: [
      { signal: 'app.db-error', line: 1 },
      { signal: 'app.db-error', line: 3, stamp: { kind: 'none' } },
      { signal: 'app.db-error', line: 4, stamp: { kind: 'none' } },
    ],
  },
  {
    input: [
      '[2026-11-20 08:12:30.502][vaultwarden::db][ERROR] Timeout waiting for database connection',
      '[2026-11-20 08:14:38.636][vaultwarden::util][WARN] Can’t connect to database, retrying: DieselCon.',
      '[CAUSE] BadConnection(',
      '    "connection to server at \\"db\\" (192.0.2.4), port 5432 failed: Connection refused",',
      ')',
    ].join('\n'),
    shows: 'Vaultwarden, whose errors go on below',
    records: [
      { signal: 'app.db-pool', level: 'error' },
      { line: 2, level: 'warn' },
    ],
  },
  {
    input: [
      'logger=context userId=1 orgId=1 uname=admin t=2026-11-20T08:12:30.539Z level=info msg="Request Completed" method=GET path=/api/live/ws status=502',
      'logger=server t=2026-11-20T08:14:38.004Z level=info msg="Shutdown started" reason="System signal: terminated"',
    ].join('\n'),
    shows: 'Grafana',
    records: [{ signal: 'app.chatter', stamp: { kind: 'utc', ms: at(8, 12, 30, 539) } }, { signal: 'app.stop' }],
  },
  {
    input: [
      '2026-11-20 08:12:30,540 ERROR [org.hibernate.engine.jdbc.spi.SqlExceptionHelper] (executor-thread-5) Acquisition timeout while waiting for new connection',
      '2026-11-20 08:14:38,004 INFO  [io.quarkus] (Shutdown thread) Keycloak stopped in 0.123s',
    ].join('\n'),
    shows: 'Keycloak upon Quarkus, whose pool is Agroal',
    records: [{ signal: 'app.db-pool' }, { signal: 'app.stop' }],
  },
];
