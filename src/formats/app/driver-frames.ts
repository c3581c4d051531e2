import type { SignalId } from '../../vocabulary/signals.ts';
import { LONGEST_MATCHED } from '../entry.ts';

/*
 * Errors of the network that name no service: `ConnectionRefusedError: [Errno 111] Connection refused`, `Error: Command timed out`.
 * The frames of the stack below or above them do: a driver of a database or of a cache was at work. The names are those of the
 * packages as their registries have them and of the folders that they are installed to. Packages that call the application's own
 * code (queues of jobs, hooks of models) are left out: what fails below them may be anything.
 */

interface Driver {
  readonly signal: SignalId;
  readonly frames: RegExp;
  /** What of the words below tells that the server did not answer. */
  readonly failure: RegExp;
}

/** Nobody there, or a connection that ended: of the system, of Node, Python, Ruby and the JVM. */
const NOT_REACHED =
  /\b(?:ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|EPIPE)\b|\bconnect ETIMEDOUT\b|\b(?:ConnectionRefused|ConnectionReset|ConnectionAborted|BrokenPipe)Error\b|\bgaierror: |\[Errno -\d\] |\bConnect call failed \(|\bConnection (?:is )?(?:refused|reset by peer|timed out|terminated|ended|closed|lost)\b|\bSocket closed unexpectedly\b|\bConnect timed out\b|\bjava\.net\.(?:Connect|UnknownHost|NoRouteToHost)Exception\b|\bErrno::E(?:CONNREFUSED|CONNRESET|HOSTUNREACH|PIPE)\b/;
/** A cache that takes long is none; of a database only the connection may not take long, as a statement may wait for a lock. */
const TOOK_LONG =
  /\bCommand timed out\b|\bETIMEDOUT\b|\bTimeoutError\b|\bsocket\.timeout\b|\bSocketTimeoutException\b|\btimed out\b|\bErrno::ETIMEDOUT\b/;

const DRIVERS: readonly Driver[] = [
  {
    signal: 'app.cache-error',
    frames:
      /[/\\]node_modules[/\\](?:ioredis|iovalkey|redis|@redis|redis-parser|memjs|memcached)[/\\]|[/\\](?:site|dist)-packages[/\\](?:redis|aioredis|valkey|pymemcache|pylibmc|bmemcached|memcache|django_redis)[/\\.]|\bat (?:redis\.clients\.jedis|io\.lettuce\.core|org\.redisson|net\.spy\.memcached)\.|[/\\](?:redis|redis-client|dalli)-\d[\w.]{0,20}[/\\]lib[/\\]|[/\\]vendor_ruby[/\\](?:redis|redis_client|dalli)[/\\]/,
    failure: new RegExp(`${NOT_REACHED.source}|${TOOK_LONG.source}`),
  },
  {
    signal: 'app.db-error',
    frames:
      /[/\\]node_modules[/\\](?:pg|pg-pool|pg-protocol|postgres|mysql|mysql2|mariadb|mongodb|tedious)[/\\]|[/\\](?:site|dist)-packages[/\\](?:psycopg2?|psycopg_pool|asyncpg|pg8000|pymysql|MySQLdb|aiomysql|asyncmy|pymongo|motor)[/\\]|[/\\]mysql[/\\]connector[/\\]|\bat (?:org\.postgresql|com\.mysql\.(?:cj|jdbc)|org\.mariadb\.jdbc|com\.mongodb|com\.microsoft\.sqlserver\.jdbc|oracle\.jdbc)\.|[/\\](?:pg|mysql2)-\d[\w.]{0,20}[/\\]lib[/\\]|[/\\]vendor_ruby[/\\](?:pg|mysql2)[/\\]/,
    failure: NOT_REACHED,
  },
];

/** Which service did not answer, by the drivers in an error's stack; null where none is there, or the error is of another kind. */
export function driverMeaning(whole: string): SignalId | null {
  if (!whole.includes('\n')) return null;
  const text = whole.slice(0, LONGEST_MATCHED);
  const found = DRIVERS.filter(({ frames }) => frames.test(text));
  const [driver] = found;
  return driver !== undefined && found.length === 1 && driver.failure.test(text) ? driver.signal : null;
}
