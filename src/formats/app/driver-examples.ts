import { NO_STAMP } from '../../vocabulary/records.ts';
import type { Example } from '../format.ts';

/** What drivers of databases and caches write through the usual frameworks, measured with the services stopped, full, or out of reach. */
export const DRIVER_EXAMPLES = (): readonly Example[] => [
  {
    input: [
      "ReplyError: READONLY You can't write against a read only replica.",
      '    at parseError (/srv/app/node_modules/redis-parser/lib/parser.js:179:12) {',
      "  command: { name: 'incr', args: [ 'n:4' ] }",
      '}',
      "ReplyError: OOM command not allowed when used memory > 'maxmemory'.",
      '    at parseError (/srv/app/node_modules/redis-parser/lib/parser.js:179:12) {',
      "  command: { name: 'incr', args: [ 'n:2' ] }",
      '}',
      'Error: Command timed out',
      '    at Timeout.<anonymous> (/srv/app/node_modules/ioredis/built/Command.js:195:33)',
      '    at listOnTimeout (node:internal/timers:581:17)',
      'Error: Queue limit reached.',
      '    at /srv/app/server.js:5:59',
      '    at Layer.handleRequest (/srv/app/node_modules/router/lib/layer.js:169:33)',
      'TypeError: x is not a function',
      '    at /srv/app/server.js:9:3',
    ].join('\n'),
    shows: 'Express prints no time: an error begins where the frames of the one before end, and frames say whose it is',
    records: [
      { signal: 'app.cache-error', stamp: NO_STAMP },
      { signal: 'app.cache-error', level: 'error' },
      { signal: 'app.cache-error', level: 'error' },
      { signal: 'app.db-pool', level: 'error' },
      { signal: 'app.error', level: 'error' },
    ],
  },
  {
    input: [
      '  Error: connect ETIMEDOUT',
      '      at /srv/app/server.js:4:86',
      '      at dispatch (/srv/app/node_modules/koa-compose/index.js:47:32)',
      '',
      '  TypeError: x is not a function',
      '      at /srv/app/server.js:4:86',
    ].join('\n'),
    shows: 'Koa indents; without an address and frames of a driver nobody knows which server took too long',
    records: [{ signal: 'app.error' }, { signal: 'app.error' }],
  },
  {
    input: [
      'Error: timeout exceeded when trying to connect',
      '    at /srv/app/node_modules/pg-pool/index.js:45:11',
      'Error: Connection terminated due to connection timeout',
      '    at /srv/app/node_modules/pg-pool/index.js:45:11 {',
      '  [cause]: Error: Connection terminated unexpectedly',
      '      at Connection.<anonymous> (/srv/app/node_modules/pg/lib/client.js:204:73)',
      '}',
      'Error: timeout exceeded when trying to connect',
      '    at /srv/app/node_modules/pg-pool/index.js:45:11',
    ].join('\n'),
    shows: 'node-postgres: a request that waited for the pool, and a connection that could not be made',
    records: [{ signal: 'app.db-pool' }, { signal: 'app.db-error' }, { signal: 'app.db-pool' }],
  },
  {
    input: [
      'ERROR:    Exception in ASGI application',
      'Traceback (most recent call last):',
      '  File "/usr/lib/python3/dist-packages/asyncpg/connect_utils.py", line 781, in _connect_addr',
      '    connector = await compat.wait_for(connector, timeout=timeout)',
      'ConnectionRefusedError: [Errno 111] Connection refused',
      'ERROR:    Exception in ASGI application',
      'Traceback (most recent call last):',
      '  File "/srv/app/main.py", line 12, in items',
      'ConnectionRefusedError: [Errno 111] Connection refused',
    ].join('\n'),
    shows: 'FastAPI: the frames of a driver name the service that an error of the system does not',
    records: [
      { signal: 'app.db-error', level: 'error' },
      { signal: 'app.error', level: 'error' },
    ],
  },
  {
    input:
      '{"level":50,"time":1795398799520,"pid":22294,"reqId":"req-1g","res":{"statusCode":500},"err":{"type":"Error","message":"Command timed out","stack":"Error: Command timed out\\n    at Timeout.<anonymous> (/srv/app/node_modules/ioredis/built/Command.js:195:33)"},"msg":"Command timed out"}',
    shows: 'pino carries the stack beside the message',
    records: [{ signal: 'app.cache-error', level: 'error', stamp: { kind: 'utc', ms: 1795398799520 } }],
  },
  {
    input: [
      'F, [2026-11-20T08:14:38.585201 #812] FATAL -- :   ',
      "ActiveRecord::ConnectionNotEstablished (Can't connect to server on 'db.example.com' (115)):",
      '  ',
      "activerecord (6.1.7) lib/active_record/connection_adapters/mysql2_adapter.rb:45:in `rescue in new_client'",
      "app/controllers/items_controller.rb:3:in `show'",
      'I, [2026-11-20T08:14:39.585201 #812]  INFO -- : Completed 200 OK in 6ms (Views: 5.6ms)',
    ].join('\n'),
    shows: 'Rails: what stands below the time is of that time',
    records: [
      {
        signal: 'app.db-error',
        level: 'fatal',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 14, 38, 585) },
      },
      { signal: 'app.chatter', level: 'info' },
    ],
  },
  {
    input: [
      'Nov 20, 2026 8:14:38 AM org.apache.catalina.core.StandardWrapperValve invoke',
      'SEVERE: Servlet.service() for servlet [items] threw exception [java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 2001ms.] with root cause',
      'java.net.ConnectException: Connection refused',
      '\tat java.base/sun.nio.ch.Net.pollConnect(Native Method)',
      'Nov 20, 2026 8:14:39 PM org.apache.catalina.core.StandardWrapperValve invoke',
      'SEVERE: Servlet.service() for servlet [items] threw exception [java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 2000ms.] with root cause',
      'java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 2000ms.',
      '\tat com.zaxxer.hikari.pool.HikariPool.createTimeoutException(HikariPool.java:669)',
      'Nov 20, 2026 8:14:40 PM org.apache.coyote.AbstractProtocol start',
      'INFO: Starting ProtocolHandler ["http-nio-8080"]',
    ].join('\n'),
    shows: 'java.util.logging writes two lines; a pool that could not connect, and one that was in use',
    records: [
      {
        signal: 'app.db-error',
        level: 'error',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 14, 38) },
      },
      { signal: 'app.db-pool', level: 'error', stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 20, 14, 39) } },
      { signal: 'app.chatter', level: 'info' },
    ],
  },
];
