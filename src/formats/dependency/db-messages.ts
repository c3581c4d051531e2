import type { SignalId } from '../../vocabulary/signals.ts';

/** What a server that the application depends on says. First match wins. */
export interface DependencyMessage {
  readonly of: 'mysql' | 'postgres' | 'mongo' | 'redis';
  readonly signal: SignalId;
  readonly pattern: RegExp;
  readonly sample: string;
}

/** Source: mysqld's messages_to_error_log.txt and mariadbd's errmsg, InnoDB; postgres postmaster.c, elog; mongod's assert_util.cpp, mongod_main.cpp, session_manager; redis server.c, rdb.c. */
export const DEPENDENCY_MESSAGES: readonly DependencyMessage[] = [
  {
    of: 'mysql',
    signal: 'db.crash',
    pattern:
      /got signal (?<signalNumber>\d{1,2}) ?;|got exception 0x|^Assertion failure: |InnoDB: (?:Assertion failure|Database was not shutdown normally|Starting crash recovery)|We intentionally (?:generate a memory trap|crash the server)|mysqld_safe Number of processes running now: 0/,
    sample: 'mysqld got signal 11 ;',
  },
  {
    of: 'mysql',
    signal: 'db.disk-full',
    pattern:
      /Disk is full|No space left on device|Errcode: 28\b|OS errno 28\b|The table .{1,200} is full|[Ee]rror number 28\b|failed with error 28\b/,
    sample: "Disk is full writing './binlog.000007' (OS errno 28 - No space left on device)",
  },
  {
    of: 'mysql',
    signal: 'db.too-many',
    pattern: /Too many connections|max_connections .{0,40}reached/,
    sample: 'Too many connections',
  },
  {
    of: 'mysql',
    signal: 'db.start-failed',
    pattern:
      /Can't start server|Aborting$|Can't lock aria control file|Failed to (?:initialize|find valid data directory)|Data Dictionary initialization failed|Plugin 'InnoDB' (?:init function returned error|registration as a STORAGE ENGINE failed)|Plugin initialization aborted|Unknown\/unsupported storage engine: InnoDB|Cannot (?:allocate memory for the buffer pool|create redo log files because)|Unable to lock .{1,60} error: 11|Can't open and lock privilege tables|unknown (?:variable|option) '|Unsupported redo log format|Upgrade (?:is not supported after a crash|after a crash is not supported)|data file '.{1,200}' (?:must be writable|is corrupt)/,
    sample: "Can't start server: Bind on TCP/IP port. Got error: 98: Address already in use",
  },
  {
    of: 'mysql',
    signal: 'db.stop',
    pattern: /Normal shutdown|Received SHUTDOWN|Starting shutdown|Shutdown complete|received shutdown|initiated by: /i,
    sample: '/usr/sbin/mariadbd (initiated by: unknown): Normal shutdown',
  },
  {
    of: 'mysql',
    signal: 'db.start',
    pattern: /ready for connections/,
    sample: "/usr/sbin/mariadbd: ready for connections. Version: '10.11.11-MariaDB'",
  },
  {
    of: 'mysql',
    signal: 'db.aborted-connection',
    pattern: /Aborted connection|Got (?:an error|timeout) (?:reading|writing) communication packets/,
    sample:
      "Aborted connection 812 to db: 'shop' user: 'shop' host: 'localhost' (Got timeout reading communication packets)",
  },
  {
    of: 'postgres',
    signal: 'db.too-many',
    pattern:
      /sorry, too many clients already|remaining connection slots are reserved|too many connections for (?:role|database)/,
    sample: 'sorry, too many clients already',
  },
  {
    of: 'postgres',
    signal: 'db.crash',
    pattern:
      /(?:server|startup|checkpointer|walwriter|WAL writer|autovacuum|background) ?(?:process|worker)? ?.{0,60}\(PID \d{1,10}\) was terminated by signal (?<signalNumber>\d{1,2})|terminating any other active server processes|all server processes terminated; reinitializing|database system was (?:interrupted|not properly shut down)/,
    sample: 'server process (PID 812) was terminated by signal 9: Killed',
  },
  {
    of: 'postgres',
    signal: 'db.disk-full',
    pattern: /No space left on device|could not extend file/,
    sample: 'could not extend file "base/16384/16397": No space left on device',
  },
  {
    of: 'postgres',
    signal: 'db.start-failed',
    pattern:
      /could not (?:bind|create any TCP\/IP sockets|map anonymous shared memory)|database files are incompatible with server|lock file ".{1,200}" already exists|configuration file .{1,200} contains errors/,
    sample: 'could not bind IPv4 address "127.0.0.1": Address already in use',
  },
  {
    of: 'postgres',
    signal: 'db.stop',
    pattern:
      /received (?:fast|smart|immediate) shutdown request|database system is shut ?down|^(?:the )?database system is shutting down/,
    sample: 'received fast shutdown request',
  },
  {
    // While it recovers it turns everybody away; “starting up” is what checks hear at every start.
    of: 'postgres',
    signal: 'db.not-ready',
    pattern: /database system is (?:in recovery mode|not (?:yet )?accepting connections)/,
    sample: 'the database system is not yet accepting connections',
  },
  {
    of: 'postgres',
    signal: 'db.start',
    pattern: /database system is ready to accept/,
    sample: 'database system is ready to accept connections',
  },
  {
    of: 'postgres',
    signal: 'db.aborted-connection',
    pattern:
      /could not receive data from client|unexpected EOF on client connection|could not send data to client|connection to client lost/,
    sample: 'could not receive data from client: Connection reset by peer',
  },
  {
    of: 'mongo',
    signal: 'db.disk-full',
    pattern: /No space left on device/,
    sample: '"msg":"WiredTiger error message","attr":{"error":28,"message":{"msg":"No space left on device"}}}',
  },
  {
    of: 'mongo',
    signal: 'db.start-failed',
    pattern:
      /DBException in initAndListen, terminating|Failed to (?:set up|setup) (?:listener|sockets)|Failed to unlink socket file|Unable to lock the lock file|Error setting up listener/,
    sample:
      '"msg":"DBException in initAndListen, terminating","attr":{"error":"DBPathInUse: Unable to lock the lock file: /data/db/mongod.lock"}}',
  },
  {
    of: 'mongo',
    signal: 'db.crash',
    pattern:
      /Fatal [Aa]ssertion|aborting after (?:fassert|invariant)\(\) failure|Invariant failure|Got signal: (?<signalNumber>\d{1,2}) /,
    sample: '"msg":"Fatal assertion","attr":{"msgid":50853,"file":"wiredtiger_util.cpp","line":481}}',
  },
  {
    of: 'mongo',
    signal: 'db.too-many',
    pattern: /[Cc]onnection refused because (?:there are )?too many open connections/,
    sample: '"msg":"Connection refused because there are too many open connections","attr":{"connectionCount":820}}',
  },
  {
    of: 'mongo',
    signal: 'db.stop',
    pattern: /"msg":"(?:Signal was sent by kill\(2\)|Shutting down|Now exiting)"|^(?:got signal 15 |now exiting$)/,
    sample: '"msg":"Now exiting"}',
  },
  {
    of: 'mongo',
    signal: 'db.start',
    pattern: /"msg":"Waiting for connections"|^waiting for connections on port /,
    sample: '"msg":"Waiting for connections","attr":{"port":27017,"ssl":"off"}}',
  },
  {
    of: 'redis',
    signal: 'cache.crash',
    pattern: /crashed by signal: (?<signalNumber>\d{1,2})|Guru Meditation|ASSERTION FAILED/,
    sample: 'Redis 7.0.15 crashed by signal: 11, si_code: 0',
  },
  {
    of: 'redis',
    signal: 'cache.start-failed',
    pattern: /Failed listening on port|Fatal error loading|Could not create server TCP listening socket/,
    sample: 'Failed listening on port 6379 (TCP), aborting.',
  },
  {
    of: 'redis',
    signal: 'cache.error',
    pattern:
      /Can't save in background|MISCONF|Out Of Memory|OOM|Error (?:writing|saving|opening)|Write error|Failed opening|Background saving error|can't exit|max number of clients reached/,
    sample: "Can't save in background: fork: Cannot allocate memory",
  },
  {
    of: 'redis',
    signal: 'cache.stop',
    pattern: /User requested shutdown|Received SIG(?:TERM|INT) scheduling shutdown|ready to exit, bye bye/,
    sample: 'Received SIGTERM scheduling shutdown...',
  },
  {
    of: 'redis',
    signal: 'cache.start',
    pattern: /Ready to accept connections|is now ready to accept connections/,
    sample: 'Ready to accept connections tcp',
  },
];
