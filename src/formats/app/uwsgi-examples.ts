import type { Example } from '../format.ts';

/** Lines of uWSGI and what becomes of them. */
export const UWSGI_EXAMPLES = (): readonly Example[] => [
  {
    input: [
      'Fri Nov 20 16:17:10 2026 - *** HARAKIRI ON WORKER 1 (pid: 30632, try: 1) ***',
      'Fri Nov 20 16:17:10 2026 - HARAKIRI !!! worker 1 status !!!',
      'Fri Nov 20 16:17:10 2026 - HARAKIRI [core 0] 127.0.0.1 - GET /slow since 1795191426',
      'Fri Nov 20 16:17:10 2026 - HARAKIRI !!! end of worker 1 status !!!',
      'DAMN ! worker 1 (pid: 30632) died, killed by signal 9 :( trying respawn ...',
      'Respawned uWSGI worker 1 (new pid: 30657)',
    ].join('\n'),
    shows: 'a request that took longer than harakiri: counted once',
    records: [
      {
        kind: 'clue',
        hop: 'app',
        signal: 'uwsgi.harakiri',
        connection: '30632',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 16, 17, 10) },
      },
      { signal: 'app.worker-exit', connection: '30632', values: { signalNumber: 9 } },
    ],
  },
  {
    input: [
      '[pid: 30674|app: 0|req: 4/1] 192.0.2.7 () {24 vars in 256 bytes} [Fri Nov 20 16:17:14 2026] GET / => generated 5 bytes in 912 micros (HTTP/1.1 200) 1 headers in 44 bytes (1 switches on core 0)',
      'Traceback (most recent call last):',
      '  File "app.py", line 12, in application',
      "pymysql.err.OperationalError: (2003, \"Can't connect to MySQL server on '127.0.0.1' ([Errno 111] Connection refused)\")",
      '[pid: 30674|app: 0|req: 5/2] 192.0.2.7 () {24 vars in 256 bytes} [Fri Nov 20 16:17:15 2026] GET /cart?id=1 => generated 0 bytes in 146 msecs (HTTP/1.1 500) 0 headers in 0 bytes (0 switches on core 0)',
    ].join('\n'),
    shows: 'a traceback, dated by the row of its request',
    records: [
      { kind: 'request', status: 200, path: '/', durationMs: 0.912 },
      {
        signal: 'app.db-error',
        path: '/cart',
        line: 2,
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 16, 17, 15) },
      },
      {
        kind: 'request',
        hop: 'app',
        signal: 'access.5xx',
        status: 500,
        method: 'GET',
        path: '/cart',
        client: '192.0.2.7',
        durationMs: 146,
        line: 5,
      },
    ],
  },
  {
    input: [
      '*** Starting uWSGI 2.0.21-debian (64bit) on [Fri Nov 20 16:17:04 2026] ***',
      'detected number of CPU cores: 2',
      'uwsgi socket 0 bound to TCP address 127.0.0.1:18501 fd 4',
      "unable to load app 0 (mountpoint='') (callable not found or import error)",
    ].join('\n'),
    shows: 'a start without an application',
    records: [
      { signal: 'app.start', stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 16, 17, 4) } },
      { signal: 'uwsgi.boot-failed' },
    ],
  },
  {
    input: [
      'Fri Nov 20 16:17:16 2026 - *** uWSGI listen queue of socket "127.0.0.1:18501" (fd: 4) full !!! (4/3) ***',
      '...gracefully killing workers...',
      'SIGINT/SIGTERM received...killing workers...',
    ].join('\n'),
    shows: 'a full queue, a reload, a stop',
    records: [
      { signal: 'uwsgi.queue-full', values: { socket: '127.0.0.1:18501', queued: 4, queueLength: 3 } },
      { signal: 'uwsgi.reload' },
      { signal: 'app.stop' },
    ],
  },
  {
    input: 'invalid request block size: 5292 (max 4096)...skip\ninvalid HTTP request size (max 4096)...skip',
    shows: 'headers larger than buffer-size, pasted: behind a web server, and without one',
    records: [
      { signal: 'uwsgi.request-too-big', values: { requestBytes: 5292, maxBytes: 4096 } },
      { signal: 'uwsgi.request-too-big', values: { maxBytes: 4096 } },
    ],
  },
];
