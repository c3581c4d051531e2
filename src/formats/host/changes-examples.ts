import type { Example } from '../format.ts';

/** Lines of package and certificate logs, and what becomes of them. */
export const CHANGES_EXAMPLES = (): readonly Example[] => [
  {
    input: [
      'Start-Date: 2026-11-20  06:12:33',
      'Commandline: /usr/bin/unattended-upgrade',
      'Upgrade: php8.2-fpm:amd64 (8.2.28-1, 8.2.29-1), libc6:amd64 (2.36-9, 2.36-10), libssl3:amd64 (3.0.20-1, 3.0.22-1)',
      'End-Date: 2026-11-20  06:12:50',
    ].join('\n'),
    shows: 'apt’s history: one record for each part that it may touch',
    records: [
      {
        signal: 'host.package-upgrade',
        subject: 'php8.2-fpm',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 6, 12, 33) },
        values: { action: 'upgrade', role: 'fpm' },
      },
      { signal: 'host.package-upgrade', subject: 'libc6' },
    ],
  },
  {
    input: [
      '2026-11-20 06:12:40 startup archives unpack',
      '2026-11-20 06:12:40 upgrade nginx:amd64 1.22.1-9 1.22.1-10',
      '2026-11-20 06:12:41 status installed nginx:amd64 1.22.1-10',
    ].join('\n'),
    shows: 'dpkg.log: an upgrade and its echo',
    records: [
      {
        signal: 'host.package-upgrade',
        subject: 'nginx',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 6, 12, 40) },
        values: { action: 'upgrade', role: 'proxy' },
      },
    ],
  },
  {
    input: '2026-01-02 03:04:05 status installed nginx:amd64 1.22.1-9',
    shows: 'dpkg.log, of which only the end was copied',
    records: [{ signal: 'host.package-upgrade', subject: 'nginx', values: { action: 'install', role: 'proxy' } }],
  },
  {
    input: '2026-11-20T16:18:36+0100 SUBDEBUG Upgraded: nginx-1:1.24.0-1.el9.x86_64',
    shows: 'dnf.rpm.log',
    records: [
      {
        signal: 'host.package-upgrade',
        subject: 'nginx-1:1.24.0-1.el9.x86_64',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 15, 18, 36), offsetMinutes: 60 },
        values: { role: 'proxy' },
      },
    ],
  },
  {
    input: 'Nov 20 16:18:36 Updated: 1:nginx-1.20.1-1.el7.x86_64',
    shows: 'yum.log',
    records: [
      {
        signal: 'host.package-upgrade',
        subject: 'nginx-1.20.1-1.el7.x86_64',
        stamp: { kind: 'yearless', ms: Date.UTC(2000, 10, 20, 16, 18, 36) },
      },
    ],
  },
  {
    input: '[2026-11-20T16:18:36+0100] [ALPM] upgraded nginx (1.24.0-1 -> 1.26.0-1)',
    shows: 'pacman.log',
    records: [{ signal: 'host.package-upgrade', subject: 'nginx', values: { action: 'upgraded', role: 'proxy' } }],
  },
  {
    input: [
      'Log started: 2026-11-20  16:18:36',
      'Preparing to unpack .../mariadb-server_10.11.19_amd64.deb ...',
      'Setting up mariadb-server (1:10.11.19-0+deb12u1) ...',
      'Log ended: 2026-11-20  16:18:36',
    ].join('\n'),
    shows: 'apt’s term.log',
    records: [
      {
        signal: 'host.package-upgrade',
        subject: 'mariadb-server',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 16, 18, 36) },
        values: { role: 'db' },
      },
    ],
  },
  {
    input: [
      '2026-11-20 16:18:14,572 INFO Starting unattended upgrades script',
      '2026-11-20 16:18:18,965 INFO Packages that will be upgraded: apt ca-certificates nginx',
      '2026-11-20 16:18:37,721 INFO All upgrades installed',
    ].join('\n'),
    shows: 'unattended-upgrades.log',
    records: [
      { signal: 'host.package-upgrade', subject: 'apt', values: { role: 'other' } },
      { signal: 'host.package-upgrade', subject: 'ca-certificates' },
      { signal: 'host.package-upgrade', subject: 'nginx', values: { role: 'proxy' } },
    ],
  },
  {
    input: [
      '2026-11-20 16:23:19,948:DEBUG:certbot._internal.main:certbot version: 2.1.0',
      '2026-11-20 16:23:20,001:INFO:certbot.compat.misc:Running pre-hook command: systemctl stop nginx',
      '2026-11-20 16:23:20,290:DEBUG:urllib3.connectionpool:Starting new HTTP connection (1): 127.0.0.1:18999',
      'Traceback (most recent call last):',
      'ConnectionRefusedError: [Errno 111] Connection refused',
      '2026-11-20 16:23:27,001:DEBUG:certbot._internal.storage:Writing full chain to /etc/letsencrypt/archive/www.example.com/fullchain2.pem.',
    ].join('\n'),
    shows: 'certbot: a hook, an error that is no application’s, a new certificate',
    records: [
      {
        signal: 'host.certificate-hook',
        subject: 'certbot',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 16, 23, 20) },
        values: { hook: 'pre-hook', command: 'systemctl stop nginx' },
      },
      { signal: 'host.certificate', subject: 'www.example.com' },
    ],
  },
  {
    input: [
      '2026-11-20 04:11:12,123:DEBUG:certbot._internal.main:certbot version: 2.9.0',
      '2026-11-20 04:11:19,507:ERROR:certbot._internal.renewal:Failed to renew certificate www.example.com with error: Some challenges have failed.',
      '2026-11-20 04:11:19,508:ERROR:certbot._internal.renewal:All renewals failed. The following certificates could not be renewed:',
    ].join('\n'),
    shows: 'certbot: a renewal that failed',
    records: [
      {
        signal: 'host.certificate-failed',
        subject: 'www.example.com',
        values: { reason: 'Some challenges have failed.' },
      },
    ],
  },
  {
    input: [
      '[11/20/2026] [2:24:33 AM] [SSL      ] › ℹ  info      Renewing SSL certs close to expiry...',
      '[11/20/2026] [2:30:56 PM] [SSL      ] › ✖  error     Error: Command failed: certbot renew --non-interactive --quiet --config "/etc/letsencrypt.ini"',
      'Failed to renew certificate npm-1 with error: Error determining zone_id: 9109 Invalid access token.',
      'All renewals failed. The following certificates could not be renewed:',
      '  /etc/letsencrypt/live/npm-1/fullchain.pem (failure)',
      '1 renew failure(s), 0 parse failure(s)',
    ].join('\n'),
    shows: 'Nginx Proxy Manager: a renewal that failed',
    records: [
      {
        signal: 'host.certificate-failed',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 14, 30, 56) },
        subject: 'npm-1',
        values: { reason: 'Error determining zone_id: 9109 Invalid access token.' },
      },
    ],
  },
];
