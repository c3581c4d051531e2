import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/causes/diagnose.ts';
import { CAUSES } from '../../src/causes/registry.ts';
import { APP_SIGNALS } from '../../src/vocabulary/signals/app.ts';
import { HOST_SIGNALS } from '../../src/vocabulary/signals/host.ts';
import { type FactsSketch, factsOf } from './facts-of.ts';

const named = (signals: FactsSketch['signals'], more: Partial<FactsSketch> = {}): string | undefined =>
  diagnose(factsOf({ covered: ['proxy'], ...more, signals }), CAUSES).cause?.id;

describe('what Apache says of its backend', () => {
  it.each([
    ['apache.socket-missing', 'app-socket-missing'],
    ['apache.socket-denied', 'app-socket-denied'],
    ['apache.connect-denied', 'access-policy-denied'],
    ['apache.backend-refused', 'app-down'],
    ['apache.backend-dns', 'app-dns'],
  ] as const)('%s convicts %s', (signal, cause) => {
    expect(named({ [signal]: 1, 'access.5xx': 1 }, { statuses: { 503: 100 } })).toBe(cause);
  });
});

describe('a line of .htaccess that Apache does not know', () => {
  it('convicts the configuration', () => {
    expect(named({ 'apache.htaccess': 1, 'access.5xx': 1 }, { kind: 'application', statuses: { 500: 100 } })).toBe(
      'web-server-config-error',
    );
  });

  it('does not where PHP died', () => {
    expect(
      named(
        { 'apache.htaccess': 0.1, 'php.fatal': 1, 'access.5xx': 1 },
        { kind: 'application', statuses: { 500: 100 } },
      ),
    ).toBe('php-fatal');
  });
});

describe('a service without endpoints', () => {
  it('convicts the application behind the ingress', () => {
    expect(named({ 'nginx.no-endpoint': 1, 'access.own-503': 1 }, { statuses: { 503: 100 } })).toBe('app-down');
  });

  it('does not where its instances took the requests and did not answer', () => {
    expect(named({ 'nginx.no-endpoint': { strength: 0.2 }, 'nginx.timeout-header': 1 })).toBe('app-timeout');
  });
});

describe('visitors without the PROXY protocol that nginx expects', () => {
  it('convict the configuration', () => {
    expect(named({ 'nginx.proxy-protocol': 1 }, { statuses: {} })).toBe('web-server-config-error');
  });

  it('do not where the requests failed in another way', () => {
    expect(named({ 'nginx.proxy-protocol': 1, 'nginx.connect-refused': 1, 'access.no-answer-502': 1 })).toBe(
      'app-down',
    );
  });
});

describe('a refusal by SELinux or AppArmor', () => {
  it('convicts the policy where it hit the web server', () => {
    expect(named({ 'host.access-denied': { values: { role: 'proxy' } }, 'access.5xx': 1 })).toBe(
      'access-policy-denied',
    );
  });

  it('of another program does not overrule what nginx says', () => {
    expect(named({ 'host.access-denied': { values: {} }, 'nginx.connect-refused': 1 })).toBe('app-down');
    expect(named({ 'host.access-denied': { values: { role: 'db' } }, 'nginx.timeout-header': 1 })).toBe('app-timeout');
  });

  it('convicts nobody where it was of no connection: packaged programs have such lines from each start', () => {
    expect(named({ 'host.access-denied-other': { values: { role: 'fpm' } } })).not.toBe('access-policy-denied');
    expect(named({ 'host.access-denied-other': { values: { role: 'fpm' } }, 'nginx.timeout-header': 1 })).toBe(
      'app-timeout',
    );
  });
});

describe('a Redis that is there and cannot save', () => {
  it('is a full disk where a line says so', () => {
    expect(named({ 'cache.error': 1, 'app.disk-full': 1 })).toBe('disk-full');
    expect(named({ 'cache.error': 1 })).toBe('cache-unreachable');
  });
});

describe('what supervisors and lists of containers say', () => {
  it('names the web server that was given up, and the database that does not stay up', () => {
    expect(named({ 'unit.start-limit': { values: { role: 'proxy' } } })).toBe('web-server-down');
    expect(named({ 'unit.exited': { values: { role: 'db' } } })).toBe('db-unreachable');
  });

  it('names the database or the cache that was killed or could not be started', () => {
    expect(named({ 'unit.killed': { values: { role: 'db' } } })).toBe('db-unreachable');
    expect(named({ 'unit.start-failed': { values: { role: 'db' } } })).toBe('db-unreachable');
    expect(named({ 'unit.start-failed': { values: { role: 'cache' } } })).toBe('cache-unreachable');
  });

  it('leaves it to the application where that was killed, and to the web server’s own words where the database is there', () => {
    expect(named({ 'unit.killed': { values: { role: 'app' } } })).toBe('app-crash');
    expect(named({ 'unit.probe-failed': { values: { role: 'db' } }, 'nginx.connect-refused': 1 })).toBe('app-down');
  });
});

describe('what the application’s own rows say', () => {
  it('is its own answer, unless its database does not answer it', () => {
    expect(named({ 'access.answered-5xx': 1 })).toBe('app-error-response');
    expect(named({ 'access.answered-5xx': 1, 'app.db-error': 1 })).toBe('db-unreachable');
  });
});

describe('a service that is asked for permission', () => {
  it('is to blame where it could not be asked, and nobody where it said no', () => {
    expect(named({ 'proxy.auth-failed': 1 })).toBe('http-dependency');
    expect(named({ 'access.refused-403': 1 })).not.toBe('http-dependency');
  });
});

describe('an application on a platform', () => {
  it('listens on another port where the platform found nobody on its own', () => {
    expect(named({ 'app.not-listening': 1, 'proxy.no-backend': 1, 'app.crash': 1 })).toBe('app-down');
  });
});

describe('the signals of the host, the application servers and Apache', () => {
  const read = new Set(CAUSES.flatMap(({ evidence }) => evidence.map(({ signal }) => signal as string)));
  const told = Object.entries({ ...HOST_SIGNALS, ...APP_SIGNALS }).filter(
    ([, { role }]) => role === 'request' || role === 'process',
  );

  it.each(told.map(([id]) => id))('%s is weighed by a cause', (id) => expect([...read]).toContain(id));
});

describe('what somebody tried by hand', () => {
  it('supports the stopped web server beside a 521, and decides nothing beside a 523: any name may have been looked up', () => {
    expect(named({ 'host.shown-refused': 1, 'edge.521': 1 }, { statuses: { 521: 100 } })).toBe('web-server-down');
    expect(named({ 'host.shown-name-missing': 1, 'edge.523': 1 }, { statuses: { 523: 100 } })).toBe(
      'origin-unreachable',
    );
  });

  it('is outweighed by what Cloudflare saw', () => {
    expect(named({ 'host.shown-refused': 1, 'edge.525': 1 }, { statuses: { 525: 100 } })).toBe('origin-tls-handshake');
  });
});

describe('a certificate that could not be renewed', () => {
  it('decides nothing by itself: many hosts show another one', () => {
    expect(named({ 'host.certificate-failed': 1, 'edge.522-connect': 1 }, { statuses: { 522: 100 } })).not.toBe(
      'origin-tls-cert',
    );
    expect(named({ 'host.certificate-failed': 1, 'edge.526': 1 }, { statuses: { 526: 100 } })).toBe('origin-tls-cert');
    expect(named({ 'host.certificate-failed': 1, 'edge.525': 1 }, { statuses: { 525: 100 } })).toBe(
      'origin-tls-handshake',
    );
  });
});

describe('a pool that is full while the application waits for another server', () => {
  const waiting = {
    'fpm.max-children': 1,
    'nginx.timeout-header': { share: 0.5, strength: 1 },
    'derived.all-paths': 1,
  } as const;

  it('is the database’s fault where PHP says that it does not answer', () => {
    const signals = { ...waiting, 'php.db-refused': 1, 'derived.dependency-silent': 1 } as const;
    expect(named(signals, { statuses: { 504: 50, 500: 50 } })).toBe('db-unreachable');
  });

  it('is the pool’s where nothing else is named', () => {
    expect(named({ ...waiting, 'derived.pool-full': 1 }, { statuses: { 504: 100 } })).toBe('php-fpm-max-children');
  });
});

describe('a page that ends with a failed call to another server', () => {
  const application = { kind: 'application', statuses: { 500: 100 } } as const;

  it('is that server’s fault', () => {
    expect(named({ 'php.http-dep-fatal': 1, 'access.answered-5xx': 1 }, application)).toBe('http-dependency');
  });

  it('is not where PHP went on without the answer', () => {
    expect(named({ 'php.http-dep': 1, 'php.uncaught': 1, 'access.answered-5xx': 1 }, application)).toBe('php-fatal');
  });
});

describe('requests that time out below one part of the site', () => {
  const timeouts = { 'nginx.timeout-header': 1, 'derived.one-area': 1, 'access.timeout-504': 1 } as const;

  it('are the application’s, which may have a backend of its own there', () => {
    expect(named(timeouts, { statuses: { 504: 100 } })).toBe('app-timeout');
  });

  it('are the full pool’s where it says so and nothing speaks of another backend', () => {
    expect(named({ ...timeouts, 'fpm.max-children': 1, 'derived.pool-full': 1 }, { statuses: { 504: 100 } })).toBe(
      'php-fpm-max-children',
    );
  });
});
