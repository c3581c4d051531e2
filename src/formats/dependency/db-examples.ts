import type { Example } from '../format.ts';

/** Lines of databases and what becomes of them. */
export const DB_EXAMPLES = (): readonly Example[] => [
  {
    input: [
      '2025-06-03  9:44:31 0 [Note] /usr/sbin/mariadbd (initiated by: unknown): Normal shutdown',
      "2025-06-03  9:45:01 0 [Note] /usr/sbin/mariadbd: ready for connections. Version: '10.11.11-MariaDB'",
      "2025-06-03  9:45:09 8 [Warning] Aborted connection 8 to db: 'shop' user: 'shop' host: 'localhost' (Got timeout reading communication packets)",
    ].join('\n'),
    shows: 'MariaDB: stop, start, a client that gave up; host time',
    records: [
      {
        kind: 'clue',
        hop: 'dependency',
        signal: 'db.stop',
        level: 'Note',
        stamp: { kind: 'local', ms: Date.UTC(2025, 5, 3, 9, 44, 31) },
        values: { role: 'db' },
      },
      { signal: 'db.start' },
      { signal: 'db.aborted-connection' },
    ],
  },
  {
    input:
      "2025-10-15T03:31:41.922493Z 0 [ERROR] [MY-010262] [Server] Can't start server: Bind on TCP/IP port: Address already in use",
    shows: 'MySQL 8, in UTC',
    records: [{ signal: 'db.start-failed', stamp: { kind: 'utc', ms: Date.UTC(2025, 9, 15, 3, 31, 41, 922) } }],
  },
  {
    input: [
      '2026-01-02T08:30:53.767465Z 1 [ERROR] [MY-012960] [InnoDB] Cannot create redo log files because data files are corrupt or the database was not shut down cleanly after creating the data files.',
      '2026-01-02T08:30:53.767562Z 1 [ERROR] [MY-012930] [InnoDB] Plugin initialization aborted with error Generic error.',
      '2026-01-02T08:30:54.123456Z 0 [ERROR] [MY-010020] [Server] Data Dictionary initialization failed.',
      "2026-01-02T08:30:54.223456Z 0 [ERROR] [MY-000067] [Server] unknown variable 'query_cache_size=16M'.",
    ].join('\n'),
    shows: 'MySQL 8 that cannot start: data that it cannot use, a setting that it does not know',
    records: Array.from({ length: 4 }, () => ({ signal: 'db.start-failed' as const })),
  },
  {
    input: [
      '{"t":{"$date":"2025-06-03T09:44:30.123+00:00"},"s":"I",  "c":"NETWORK",  "id":51800,   "ctx":"conn12","msg":"client metadata","attr":{}}',
      '{"t":{"$date":"2025-06-03T09:44:31.456+00:00"},"s":"E",  "c":"WT",       "id":22435,   "ctx":"Checkpointer","msg":"WiredTiger error message","attr":{"error":28,"message":{"msg":"No space left on device"}}}',
      '{"t":{"$date":"2025-06-03T09:44:31.500+00:00"},"s":"F",  "c":"-",        "id":23089,   "ctx":"Checkpointer","msg":"Fatal assertion","attr":{"msgid":50853,"file":"src/mongo/db/storage/wiredtiger/wiredtiger_util.cpp","line":481}}',
      '{"t":{"$date":"2025-06-03T09:45:31.500+00:00"},"s":"I",  "c":"NETWORK",  "id":23016,   "ctx":"listener","msg":"Waiting for connections","attr":{"port":27017,"ssl":"off"}}',
    ].join('\n'),
    shows: 'MongoDB: a full disk, its end by that, its return',
    records: [
      { signal: 'db.chatter', subject: 'mongo', values: { role: 'db' } },
      {
        signal: 'db.disk-full',
        level: 'E',
        stamp: { kind: 'utc', ms: Date.UTC(2025, 5, 3, 9, 44, 31, 456), offsetMinutes: 0 },
      },
      { signal: 'db.crash', level: 'F' },
      { signal: 'db.start' },
    ],
  },
  {
    input: [
      '2020-10-26T06:37:27.812+0000 F -        [WTCheckpointThread] Fatal Assertion 28558 at src/mongo/db/storage/wiredtiger/wiredtiger_util.cpp 376',
      '2020-10-26T06:38:27.812+0000 I NETWORK  [initandlisten] waiting for connections on port 27017',
    ].join('\n'),
    shows: 'MongoDB up to 4.2',
    records: [{ signal: 'db.crash' }, { signal: 'db.start' }],
  },
  {
    input: [
      '2025-06-03 09:44:31.123 CEST [812] shop@shop FATAL:  sorry, too many clients already',
      '2025-06-03 09:44:32.123 CEST [812] LOG:  server process (PID 900) was terminated by signal 9: Killed',
      '2025-06-03 09:44:33.123 CEST [812] shop@shop ERROR:  relation "x" does not exist at character 15',
      '2025-06-03 09:44:34.123 CEST [812] LOG:  database system is ready to accept connections',
    ].join('\n'),
    shows: 'PostgreSQL: refuses, crashes, a bad statement, ready again',
    records: [
      { signal: 'db.too-many', level: 'FATAL', stamp: { kind: 'utc', ms: Date.UTC(2025, 5, 3, 7, 44, 31, 123) } },
      { signal: 'db.crash', values: { signalNumber: 9 } },
      { signal: 'db.chatter' },
      { signal: 'db.start' },
    ],
  },
  {
    input: "1234:M 03 Jun 2025 09:44:31.123 # Can't save in background: fork: Cannot allocate memory",
    shows: 'Redis',
    records: [{ signal: 'cache.error', values: { role: 'cache' } }],
  },
  {
    input: [
      "1255:M 14 Oct 03:00:46.069 # Can't save in background: fork: Cannot allocate memory",
      '[1249] 05 May 14:41:13.132 * The server is now ready to accept connections on port 6379',
    ].join('\n'),
    shows: 'Redis up to 4.0, and up to 2.8: no year',
    records: [
      { signal: 'cache.error', stamp: { kind: 'yearless', ms: Date.UTC(2000, 9, 14, 3, 0, 46, 69) } },
      { signal: 'cache.start' },
    ],
  },
  {
    input: "Nov 20 08:12:33 web1 dokku.redis.shop: 1:M 20 Nov 2026 08:12:33.089 # Can't save in background: fork",
    shows: 'Redis in a container of any name',
    records: [{ signal: 'cache.error', subject: 'dokku.redis.shop' }],
  },
  {
    input: [
      '30019:M 20 Nov 2026 16:16:42.529 # Redis 7.0.15 crashed by signal: 11, si_code: 0',
      '------ STACK TRACE ------',
      'redis-server 127.0.0.1:18379(aeMain+0x1d)[0x55f3651a19ed]',
      '30252:signal-handler (1795191405) Received SIGTERM scheduling shutdown...',
    ].join('\n'),
    shows: 'Redis: a crash with its last words, a stop',
    records: [
      { signal: 'cache.crash', values: { signalNumber: 11 } },
      { signal: 'cache.stop', stamp: { kind: 'utc', ms: 1795191405000 } },
    ],
  },
  {
    input: [
      '261120 16:16:11 [ERROR] mariadbd got signal 11 ;',
      'Sorry, we probably made a mistake, and this is a bug.',
      '',
      'Attempting backtrace. Include this in the bug report.',
      '2026-11-20 16:16:15 0 [Note] mariadbd: ready for connections.',
      "Version: '10.11.19-MariaDB-0+deb12u1'  socket: '/run/mysqld/mysqld.sock'  port: 3306  Debian 12",
    ].join('\n'),
    shows: 'MariaDB: a crash with its last words, and its return',
    records: [{ signal: 'db.crash', values: { signalNumber: 11 } }, { signal: 'db.start' }],
  },
  {
    input: 'Jun 03 09:44:31 web01 mariadbd[812]: 2025-06-03  9:44:31 0 [Note] InnoDB: Starting shutdown...',
    shows: 'under systemd',
    records: [{ signal: 'db.stop', subject: 'mariadbd', server: 'web01' }],
  },
];
