import type { Cause } from '../cause.ts';
import { AVOID_ONLY_RESTART, failedRequests, MISSING_APP_LOG, MISSING_KERNEL_LOG } from '../texts.ts';
import { reloadWebServer } from '../web-servers.ts';

/** Lines about a write that failed. */
const WRITES_FAILED = [
  'nginx.disk-full',
  'apache.disk-full',
  'php.disk',
  'app.disk-full',
  'db.disk-full',
  'kernel.disk-full',
  'nginx.disk-short',
] as const;

/** ENOSPC or EDQUOT anywhere on the origin. */
export const diskFull: Cause = {
  id: 'disk-full',
  title: 'No space left on the device',
  place: 'origin',
  hop: 'host',
  broader: [],
  aliases: ['nginx-disk-full', 'php-disk-full', 'db-disk'],
  explains: ['gateway', 'application'],
  frequency: 'usual',
  evidence: [
    { signal: 'nginx.disk-full', weight: 'decisive', why: 'large answers and uploads cannot be buffered' },
    { signal: 'apache.disk-full', weight: 'decisive', why: 'Apache cannot write' },
    { signal: 'apache.no-temp', weight: 'strong', why: 'no temporary folder takes a single byte' },
    { signal: 'php.disk', weight: 'decisive', why: 'sessions and caches cannot be written' },
    { signal: 'app.disk-full', weight: 'decisive', why: 'the application cannot write' },
    { signal: 'db.disk-full', weight: 'decisive', why: 'the database stops or refuses writes' },
    { signal: 'kernel.disk-full', weight: 'decisive', why: 'writes fail for every process on it' },
    { signal: 'unit.evicted-disk', weight: 'strong', why: 'the kubelet ends pods to free space' },
    { signal: 'host.shown-disk-full', weight: 'strong', why: 'what has to write there cannot' },
    { signal: 'nginx.disk-short', weight: 'strong', why: 'a short write means that space ran out' },
    { signal: 'php.db-readonly', weight: 'medium', why: 'a table that is full often means a disk that is full' },
    { signal: 'nginx.static-crit', weight: 'weak', why: 'the disk refused a file' },
    { signal: 'kernel.io-error', weight: 'weak', why: 'the disk has trouble' },
    { signal: 'db.crash', weight: 'weak', why: 'databases end when they cannot write' },
  ],
  summary: (facts) => {
    const shown = facts.signals.get('host.shown-disk-full');
    return shown === undefined || WRITES_FAILED.some((id) => facts.signals.has(id))
      ? `A file system of the origin is full (or a quota or the inodes are used up), and ${failedRequests(facts)} failed: whatever has to write there does not work.`
      : `The file system ${shown.subjects[0] ?? ''} had no ${shown.values.what === 'inodes' ? 'inodes' : 'space'} left when its use was printed. Whatever has to write there does not work, which may be why ${failedRequests(facts)} failed: a line that says “No space left on device” would prove it.`;
  },
  missing: [
    {
      what: 'free space and free inodes',
      why: 'it names the full file system; /run and /tmp can be full while / is not',
      command: 'df -h; df -i',
      unless: { signals: [] },
    },
    MISSING_KERNEL_LOG,
    MISSING_APP_LOG,
  ],
  fix: [
    {
      text: 'Find the full file system, by space and by inodes.',
      command: 'df -h; df -i',
      risk: 'None: it only reads.',
    },
    {
      text: 'Find what filled it. Logs, database dumps, sessions and container layers are the usual ones.',
      command: 'sudo du -xh / --max-depth=3 2>/dev/null | sort -rh | head -25; sudo lsof -nP +L1 | head',
      risk: 'Reads the whole disk: slow, and it adds load.',
    },
    {
      text: 'Free space in safe places first: old journals and the package cache.',
      command: 'sudo journalctl --vacuum-size=200M; sudo apt-get clean',
      risk: 'Older journal entries are gone: save what you need of this incident first.',
    },
    {
      text: 'A deleted file that a process holds open frees nothing until the process closes it. Empty it or reload the process.',
      command: reloadWebServer,
      risk: 'None where the configuration is valid.',
    },
    {
      text: 'Then start what had stopped, the database first, and read its log before you do.',
      command: 'systemctl --failed',
      risk: 'A database that crashed on a full disk recovers at its start; do not interrupt it.',
    },
  ],
  avoid: [
    'Deleting files under /var/lib/mysql or /var/lib/postgresql by hand, binary logs included: use PURGE BINARY LOGS.',
    'Deleting a log that is being written: the space stays taken. Empty it with truncate -s 0.',
    AVOID_ONLY_RESTART,
  ],
  verify: ['df -h and df -i show at least 10 % free.', 'A page that writes a session (a login) works.'],
  prevent: ['Alert at 80 % of space and of inodes.', 'Rotate every log; limit the journal with SystemMaxUse=500M.'],
  difficulty: 'easy',
  sources: ['errno 28 ENOSPC, 122 EDQUOT', 'nginx source: ngx_write_chain_to_temp_file'],
};
