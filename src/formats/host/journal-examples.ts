import type { Example } from '../format.ts';

/** Lines of systemd and of the system's daemons, and what becomes of them. */
export const JOURNAL_EXAMPLES = (): readonly Example[] => [
  {
    input: [
      'May 20 08:30:36 srv2 systemd[1]: Stopping nginx.service - A high performance web server and a reverse proxy server...',
      'May 20 08:30:36 srv2 systemd[1]: nginx.service: Deactivated successfully.',
      'May 20 08:30:36 srv2 systemd[1]: Stopped nginx.service - A high performance web server and a reverse proxy server.',
    ].join('\n'),
    shows: 'a service that was told to stop',
    records: [
      {
        kind: 'clue',
        hop: 'host',
        signal: 'unit.stopping',
        subject: 'nginx.service',
        server: 'srv2',
        stamp: { kind: 'yearless', ms: Date.UTC(2000, 4, 20, 8, 30, 36) },
        values: { role: 'proxy' },
      },
      { signal: 'unit.chatter' },
      { signal: 'unit.stopped', subject: 'nginx.service', values: { role: 'proxy' } },
    ],
  },
  {
    input: [
      'Jun 17 17:20:31 api-1 systemd[1]: api.service: Main process exited, code=exited, status=1/FAILURE',
      "Jun 17 17:20:31 api-1 systemd[1]: api.service: Failed with result 'exit-code'.",
      'Jun 17 17:20:36 api-1 systemd[1]: api.service: Scheduled restart job, restart counter is at 3.',
      'Jun 17 17:20:36 api-1 systemd[1]: Started api.service - Node API.',
    ].join('\n'),
    shows: 'an application that died and was started again',
    records: [
      { signal: 'unit.exited', subject: 'api.service', values: { role: 'app', exitCode: 1, exitName: 'FAILURE' } },
      { signal: 'unit.failed', values: { role: 'app', result: 'exit-code' } },
      { signal: 'unit.restart-scheduled', values: { role: 'app', restarts: 3 } },
      { signal: 'unit.started', values: { role: 'app' } },
    ],
  },
  {
    input: [
      '2026-11-20T08:19:33+0000 web01 systemd[1]: mariadb.service: Main process exited, code=killed, status=9/KILL',
      '2026-11-20T08:19:33+0000 web01 systemd[1]: mariadb.service: A process of this unit has been killed by the OOM killer.',
      '2026-11-20T08:19:33+0000 web01 systemd[1]: Stopped The PHP 7.4 FastCGI Process Manager.',
    ].join('\n'),
    shows: 'a database that was killed; an older systemd that prints the description only',
    records: [
      {
        signal: 'unit.killed',
        subject: 'mariadb.service',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 19, 33), offsetMinutes: 0 },
        values: { role: 'db', signalNumber: 9, signalName: 'KILL' },
      },
      { signal: 'unit.oom-killed', values: { role: 'db' } },
      { signal: 'unit.stopped', values: { role: 'fpm' } },
    ],
  },
  {
    input: [
      'Nov 20 06:12:01 web01 systemd[1]: Starting logrotate.service - Rotate log files...',
      'Nov 20 06:12:01 web01 systemd[1]: logrotate.service: Deactivated successfully.',
      'Nov 20 06:12:01 web01 systemd[1]: Finished logrotate.service - Rotate log files.',
      'Nov 20 06:12:02 web01 CRON[6306]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)',
      'Nov 20 06:12:03 web01 sshd[44717]: Connection closed by authenticating user root 192.0.2.7 port 53358 [preauth]',
    ].join('\n'),
    shows: 'the daily life of a server',
    records: [
      { signal: 'unit.starting', values: { role: 'other' } },
      { signal: 'unit.chatter', values: { role: 'other' } },
      { signal: 'unit.chatter', values: { role: 'other' } },
      { signal: 'unit.chatter', values: { role: 'other' } },
      { signal: 'unit.chatter', values: { role: 'other' } },
    ],
  },
  {
    input: [
      '2026-11-20 08:12:01,222 fail2ban.actions        [812]: NOTICE  [nginx-limit-req] Ban 172.68.50.43',
      '2026-11-20 08:12:02,222 fail2ban.actions        [812]: NOTICE  [sshd] Ban 192.0.2.7',
      '2026-11-20 08:22:01,181 fail2ban.actions        [812]: NOTICE  [nginx-limit-req] Unban 172.68.50.43',
      '2026-11-20 08:22:02,181 fail2ban.actions        [812]: NOTICE  [nginx-limit-req] Restore Ban 2400:cb00:71:1024::a29e:1',
      '2026-11-20 08:22:03,181 fail2ban.filter         [812]: INFO    [nginx-limit-req] Found 172.68.50.43 - 2026-11-20 08:22:03',
    ].join('\n'),
    shows: 'fail2ban: an address of Cloudflare, and another',
    records: [
      { signal: 'host.ban', subject: 'nginx-limit-req', client: '172.68.50.43' },
      { signal: 'host.ban-other', subject: 'sshd', client: '192.0.2.7' },
      { signal: 'host.unban', subject: 'nginx-limit-req', client: '172.68.50.43' },
      { signal: 'host.ban', client: '2400:cb00:71:1024::a29e:1' },
      { signal: 'unit.chatter' },
    ],
  },
  {
    input: 'NOTICE  [nginx-limit-req] Ban 172.68.50.43',
    shows: 'the end of such a line',
    records: [{ signal: 'host.ban', subject: 'nginx-limit-req', client: '172.68.50.43' }],
  },
  {
    input: [
      'Nov 20 10:18:16 web01 lfd[22889]: (xmlrpc) xmlrpc.php POST attack from 172.68.50.43 (US/United States/-): 20 in the last 3600 secs - *Blocked in csf* for 3600 secs [LF_CUSTOMTRIGGER]',
      'Nov 20 10:18:40 web01 lfd[22889]: (mod_security) mod_security (id:949110) triggered by 172.68.50.43 (US/United States/-): 5 in the last 3600 secs - *Blocked in csf* [LF_MODSEC]',
      'Nov 20 10:19:16 web01 lfd[22890]: (sshd) Failed SSH login from 198.51.100.45 (GB/United Kingdom/-): 5 in the last 3600 secs - *Blocked in csf* [LF_SSHD]',
      'Nov 20 11:18:16 web01 lfd[22889]: Incoming IP 172.68.50.43 temporary block removed',
      'Nov 20 11:19:16 web01 lfd[22891]: daemon started on web01 - csf v14.20 (cPanel)',
    ].join('\n'),
    shows: 'csf: blocks of Cloudflare and their end, a stranger, anything else',
    records: [
      { signal: 'host.ban', subject: 'csf', client: '172.68.50.43' },
      { signal: 'host.ban', subject: 'csf', client: '172.68.50.43' },
      { signal: 'host.ban-other', client: '198.51.100.45' },
      { signal: 'host.unban', subject: 'csf', client: '172.68.50.43' },
      { signal: 'unit.chatter' },
    ],
  },
  {
    input:
      'Nov 20 16:18:01 web01 systemd-oomd[500]: Killed /system.slice/php8.2-fpm.service due to memory pressure for /system.slice being 65.10% > 50.00% for > 20s with reclaim activity',
    shows: 'systemd-oomd: a service killed for lack of memory',
    records: [{ signal: 'unit.oom-killed', subject: 'php8.2-fpm.service', values: { role: 'fpm' } }],
  },
  {
    input: [
      'Nov 20 16:19:01 web01 CRON[31662]: (root) CMD (systemctl restart php8.2-fpm)',
      'Nov 20 16:19:01 web01 CRON[31663]: (www-data) CMD (cd /srv/app && php artisan schedule:run >/dev/null 2>&1)',
    ].join('\n'),
    shows: 'cron: a job that restarts a service, and another',
    records: [
      { signal: 'host.cron-service', subject: 'cron', values: { user: 'root', action: 'systemctl restart' } },
      { signal: 'unit.chatter' },
    ],
  },
  {
    shows: 'CrowdSec bans an address of Cloudflare’s',
    input:
      'time="20-11-2026 20:15:32" level=info msg="(web01/crowdsec) crowdsecurity/http-probing by ip 172.68.50.43 (US/13335) : 4h ban on Ip 172.68.50.43"',
    records: [
      {
        signal: 'host.ban',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 20, 15, 32) },
        client: '172.68.50.43',
      },
    ],
  },
  {
    shows: 'journalctl -x: what it explains of a line is passed over',
    input: [
      "Jan 18 02:51:45 web01 systemd[1]: nginx.service: Failed with result 'timeout'.",
      '░░ Subject: Unit failed',
      '░░ Defined-By: systemd',
      "░░ The unit nginx.service has entered the 'failed' state with result 'timeout'.",
      'Jan 18 02:51:45 web01 systemd[1]: Failed to start nginx.service - A high performance web server.',
      '-- Subject: Unit nginx.service has failed',
      '-- Defined-By: systemd',
      '-- Support: https://www.debian.org/support',
      '-- ',
      '-- Unit nginx.service has failed.',
      '-- The result is failed.',
    ].join('\n'),
    records: [
      { signal: 'unit.failed', subject: 'nginx.service', values: { role: 'proxy', result: 'timeout' } },
      { signal: 'unit.start-failed', subject: 'nginx.service' },
    ],
  },
];
