import { describe, expect, it } from 'vitest';
import { adviceFor } from '../../src/causes/cause.ts';
import { diagnose } from '../../src/causes/diagnose.ts';
import type { CauseId } from '../../src/causes/ids.ts';
import { CAUSES } from '../../src/causes/registry.ts';
import type { SignalId } from '../../src/vocabulary/signals.ts';
import { factsOf, seen } from './facts-of.ts';

/** What servers of hosters say, and what they are convicted of by it. */
const CASES: readonly (readonly [says: string, cause: CauseId, signals: readonly SignalId[]])[] = [
  ['Apache that has no file left cannot take connections', 'file-descriptors-exhausted', ['apache.too-many-files']],
  ['Apache that cannot write has a full disk', 'disk-full', ['apache.disk-full']],
  [
    'Apache without semaphores does not start: no disk is full',
    'web-server-down',
    ['apache.no-semaphores', 'edge.521'],
  ],
  ['Apache that finds itself in a pid file does not start', 'web-server-down', ['apache.stale-pid']],
  ['a backend that Apache keeps out of use is no harmless line', 'app-all-down', ['proxy.no-backend']],
  [
    'a refused certificate is the application’s where a proxy before it says so',
    'app-tls-cert',
    ['app.certificate-refused', 'proxy.backend-cert'],
  ],
  ['and the web server’s where Cloudflare says so', 'origin-tls-cert', ['app.certificate-refused', 'edge.526']],
  ['a module of Apache’s that counts clients is a limit', 'web-server-rate-limit', ['apache.limit']],
  ['so is CloudLinux, which counts processes of an account', 'web-server-rate-limit', ['apache.account-limit']],
  ['mod_fcgid has a limit of its own for bodies', 'app-request-too-big', ['apache.request-too-big']],
  [
    'a rewrite rule that takes its own result is a fault of the configuration',
    'web-server-config-error',
    ['apache.redirect-loop'],
  ],
  ['a full unix socket behind Apache is a full queue, no dead application', 'app-backlog-full', ['proxy.backlog-full']],
  ['lighttpd that takes no more connections is full', 'web-server-connections-exhausted', ['proxy.connections-full']],
  [
    'a queue that the kernel of FreeBSD saw overflow drops connections',
    'host-network-limits',
    ['kernel.listen-overflow'],
  ],
  [
    'a rule for Cloudflare’s addresses in a printed firewall blocks them',
    'firewall-blocks-cloudflare',
    ['host.shown-block', 'edge.522-connect'],
  ],
  [
    'a certificate that somebody looked at and that has expired gives 526',
    'origin-tls-cert',
    ['host.shown-certificate', 'edge.526'],
  ],
  ['a handshake that fails by hand, too, gives 525', 'origin-tls-handshake', ['host.shown-tls-failure', 'edge.525']],
];

describe('what hosting servers say', () => {
  it.each(CASES)('%s', (_says, cause, signals) => {
    expect(diagnose(factsOf({ signals: seen(...signals) }), CAUSES).cause?.id).toBe(cause);
  });

  it('no printed rule convicts a firewall where a tunnel leads to the origin', () => {
    const facts = factsOf({ signals: seen('host.shown-block', 'derived.behind-tunnel', 'edge.530-1033') });
    expect(diagnose(facts, CAUSES).cause?.id).not.toBe('firewall-blocks-cloudflare');
  });

  it('semaphores are removed only where they are what Apache lacks', () => {
    const down = CAUSES.find(({ id }) => id === 'web-server-down');
    const commands = (signals: readonly SignalId[]): string =>
      down === undefined
        ? ''
        : adviceFor(down, factsOf({ signals: seen(...signals) }))
            .steps.map(({ command }) => command ?? '')
            .join('\n');
    expect(commands(['apache.no-semaphores'])).toContain('ipcrm');
    expect(commands(['edge.521'])).not.toContain('ipcrm');
  });
});
