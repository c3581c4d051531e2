import { describe, expect, it } from 'vitest';
import { CERTBOT_MESSAGES } from '../../../src/formats/host/certbot.ts';
import { changes } from '../../../src/formats/host/changes.ts';
import { roleOf } from '../../../src/formats/host/container-roles.ts';
import { journal } from '../../../src/formats/host/journal.ts';
import { kernel } from '../../../src/formats/host/kernel.ts';
import { KERNEL_MESSAGES } from '../../../src/formats/host/kernel-messages.ts';
import { UNIT_MESSAGES } from '../../../src/formats/host/systemd-messages.ts';
import { roleOfDescription, roleOfProgram, roleOfUnit } from '../../../src/formats/host/units.ts';
import { expectExamples, read, unwrapped } from '../app/read-lines.ts';

describe('the host formats', () => {
  it.each([journal, kernel, changes].map((format) => [format.id, format] as const))(
    '%s reads its examples',
    (_id, format) => expectExamples(format),
  );

  it('each message of the kernel is taken by its own row', () => {
    for (const row of KERNEL_MESSAGES) {
      const first = KERNEL_MESSAGES.find((other) => row.sample.includes(other.word) && other.pattern.test(row.sample));
      expect(first?.pattern, row.sample).toBe(row.pattern);
    }
  });

  it('each message of systemd is taken by its own row', () => {
    for (const row of UNIT_MESSAGES) {
      expect(UNIT_MESSAGES.find((other) => other.pattern.test(row.sample))?.pattern, row.sample).toBe(row.pattern);
    }
  });

  it('each message of certbot is taken by its own row', () => {
    for (const row of CERTBOT_MESSAGES)
      expect(CERTBOT_MESSAGES.find((other) => other.pattern.test(row.sample))?.pattern, row.sample).toBe(row.pattern);
  });

  it('leaves lines of programs with a format of their own alone', () => {
    const text = [
      'Nov 20 08:19:33 web01 cloudflared[20632]: 2026-11-20T08:19:33Z INF Registered tunnel connection',
      'Nov 20 08:19:33 web01 nginx[20]: nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)',
      'Nov 20 08:19:33 web01 php-fpm8.2[20]: [NOTICE] ready to handle connections',
      'Nov 20 08:19:33 web01 mariadbd[20]: 2026-11-20  8:19:33 0 [Note] ready',
      'Nov 20 08:19:33 web01 kernel: something',
      'Nov 20 08:19:33 web01 my-api[20]: listening on 3000',
    ].join('\n');
    expect(read(journal, text).refused.length).toBe(6);
    for (const line of unwrapped(text)) expect(journal.score(line)).toBe(0);
  });
});

describe('what a unit is', () => {
  it.each([
    ['nginx.service', 'proxy'],
    ['apache2.service', 'proxy'],
    ['haproxy.service', 'proxy'],
    ['php8.2-fpm.service', 'fpm'],
    ['php-fpm@www.service', 'fpm'],
    ['mariadb.service', 'db'],
    ['postgresql@15-main.service', 'db'],
    ['redis-server.service', 'cache'],
    ['cloudflared.service', 'tunnel'],
    ['systemd-journald.service', 'other'],
    ['apt-daily-upgrade.timer', 'other'],
    ['user@1000.service', 'other'],
    ['certbot.service', 'other'],
    ['phpsessionclean.service', 'other'],
    ['mysqld_exporter.service', 'other'],
    ['api.service', 'app'],
    ['gunicorn.service', 'app'],
    ['tickets-backend.service', 'app'],
    ['docker.service', 'app'],
  ])('%s is %s', (unit, role) => expect(roleOfUnit(unit)).toBe(role));

  it.each([
    ['shop_postgres_1', 'db'],
    ['shop-db-1', 'db'],
    ['chart-redis-master-0', 'cache'],
    ['shop-cloudflare-tunnel-1', 'tunnel'],
    ['shop-db-migrate', 'other'],
    ['mongo-express', 'app'],
    ['node-shop-7d9c5b6f4-x2x9q', 'app'],
    ['node-exporter-x2x9q', 'other'],
  ])('the container or pod %s is %s', (name, role) => expect(roleOf(name)).toBe(role));

  it('a program that nobody knows has no role', () => expect(roleOfProgram('my-api')).toBeNull());
  it('a description tells the role where the name is missing', () => {
    expect(roleOfDescription('MariaDB 10.3 database server')).toBe('db');
    expect(roleOfDescription('Session 12 of user root')).toBe('other');
  });
});
