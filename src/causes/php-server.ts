import type { Facts } from '../correlate/facts.ts';
import { fpmLog, phpFpmUnit } from './commands.ts';
import { fpmProgram, poolFile, poolName, RELOAD_RISK, reloadFpm } from './php-texts.ts';

/** What differs between the two managers of PHP's processes in texts, commands and configurations. */
interface PhpServer {
  /** What holds the workers, as a sentence names it. */
  readonly pool: (facts: Facts) => string;
  /** The setting of how many workers there may be. */
  readonly limit: string;
  /** Where it stands, and what to write there for so many workers. */
  readonly larger: (facts: Facts, children: number) => string;
  /** Shows what the workers are connected to, and how many requests wait for one. */
  readonly waiting: (facts: Facts, socket: string) => string;
  readonly reload: (facts: Facts) => string;
  readonly reloadRisk: string;
  readonly restart: (facts: Facts) => string;
  /** Lines that must not come again. */
  readonly full: (facts: Facts) => string;
  readonly crashed: (facts: Facts) => string;
  /** Lets a request run so many seconds. */
  readonly longest: (facts: Facts, seconds: number) => string;
  /** Lists what ran too long. */
  readonly tooLong: (facts: Facts) => string;
  /** Whether a log of slow requests with stacks can be switched on. */
  readonly hasSlowLog: boolean;
}

const peers = (program: string): string =>
  `sudo ss -tnp | grep ${program} | awk '{print $5}' | sort | uniq -c | sort -rn | head`;

const fpm: PhpServer = {
  pool: (facts) => `The PHP-FPM pool ${poolName(facts)}`,
  limit: 'pm.max_children',
  larger: (facts, children) => {
    const spare = Math.max(2, Math.ceil(children / 4));
    return [
      `; ${poolFile(facts)}`,
      `pm.max_children = ${children}`,
      `pm.start_servers = ${spare}`,
      `pm.min_spare_servers = ${spare}`,
      `pm.max_spare_servers = ${Math.max(spare + 1, Math.ceil(children / 2))}`,
    ].join('\n');
  },
  waiting: (_, socket) => `ss -lxn | grep -F ${socket}; ${peers('php-fpm')}`,
  reload: reloadFpm,
  reloadRisk: RELOAD_RISK,
  restart: (facts) => `sudo ${fpmProgram(facts)} -t && sudo systemctl restart ${phpFpmUnit(facts)}`,
  full: () => '',
  crashed: (facts) => `grep 'exited on signal' ${fpmLog(facts)} shows nothing new over a day of normal traffic.`,
  longest: (facts, seconds) => `; ${poolFile(facts)}\nrequest_terminate_timeout = ${seconds}s`,
  tooLong: (facts) =>
    `sudo grep -h 'execution timed out' ${fpmLog(facts)} | sed -E 's/.*(script .*) execution.*/\\1/' | sort | uniq -c | sort -rn | head`,
  hasSlowLog: true,
};

/** LiteSpeed's own processes of PHP. Sources: LiteSpeed's documentation, “PHP LSAPI”, “External App”; lswsctrl. */
const lsapi: PhpServer = {
  pool: () => 'LiteSpeed’s PHP (LSAPI)',
  limit: 'LSAPI_CHILDREN',
  larger: (_, children) =>
    [
      '# WebAdmin > Server Configuration > External App > lsphp; with a panel: PHP suEXEC Max Conn',
      `Max Connections: ${children}`,
      `Environment: PHP_LSAPI_CHILDREN=${children}`,
    ].join('\n'),
  waiting: () => `ps -C lsphp -o pid,etimes,rss,args --sort=-etimes | head; ${peers('lsphp')}`,
  reload: () => 'sudo /usr/local/lsws/bin/lswsctrl restart',
  reloadRisk: 'A graceful restart: running requests are finished, PHP’s opcode cache is empty afterwards.',
  restart: () => 'sudo /usr/local/lsws/bin/lswsctrl restart; sudo pkill -u <site user> lsphp',
  full: () => '“Reached max children process limit” no longer appears in stderr.log.',
  crashed: () =>
    "grep 'was killed by signal' /usr/local/lsws/logs/stderr.log shows nothing new over a day of normal traffic.",
  longest: (_, seconds) =>
    `# WebAdmin > Server Configuration > External App > lsphp\nEnvironment: LSAPI_MAX_PROCESS_TIME=${seconds}`,
  tooLong: () => "grep -E 'runaway process' /usr/local/lsws/logs/stderr.log | tail -n 50",
  hasSlowLog: false,
};

/** LiteSpeed's, where its processes spoke; else PHP-FPM. */
export function phpServer(facts: Facts): PhpServer {
  return [...facts.signals.keys()].some((signal) => signal.startsWith('lsapi.')) ? lsapi : fpm;
}
