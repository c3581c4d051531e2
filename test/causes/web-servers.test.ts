import { describe, expect, it } from 'vitest';
import { adviceFor, textOf } from '../../src/causes/cause.ts';
import { CAUSES } from '../../src/causes/registry.ts';
import { WEB_SERVERS, webServer } from '../../src/causes/web-servers.ts';
import { factsOf } from './facts-of.ts';

const behind = (program: string) =>
  factsOf({
    signals: { 'proxy.backend-refused': { values: { program, upstream: '127.0.0.1:3000' } } },
    top: { host: 'www.example.com', path: '/cart', upstream: '127.0.0.1:3000' },
  });

describe('the web server of an incident', () => {
  it.each(Object.keys(WEB_SERVERS))('is the one whose lines speak: %s', (name) => {
    expect(webServer(behind(name))).toBe(name);
  });

  it('is the one whose log alone was read, and nginx where nobody speaks', () => {
    const silent = factsOf({ signals: { 'access.no-answer-502': 1 } });
    expect(webServer(silent)).toBe('nginx');
    expect(webServer({ ...silent, formats: new Set(['caddy-access', 'cloudflare-http']) })).toBe('Caddy');
    expect(webServer({ ...silent, formats: new Set(['envoy', 'nginx-error']) })).toBe('nginx');
  });
});

/** Causes that only nginx has, or whose steps name the configuration of nginx among others. */
const OF_NGINX = new Set([
  'access-policy-denied',
  'app-bad-compression',
  'app-cut-body',
  'app-dns',
  'app-invalid-response',
  'app-request-too-big',
  'app-socket-missing',
  'app-socket-denied',
  'client-abort',
  'disk-full',
  'file-descriptors-exhausted',
  'http-dependency',
  'local-ports-exhausted',
  'maintenance',
  'origin-access-rule',
  'origin-overload',
  'origin-tls-handshake',
  'origin-wrong-port',
  'php-fpm-request-timeout',
  'tunnel-service-restart',
  'web-server-config-error',
  'web-server-connections-exhausted',
  'web-server-crash',
  'web-server-rate-limit',
  'origin-empty-reply',
  'origin-h2-broken',
  'origin-keepalive-race',
  'tunnel-service-closed',
]);

describe.each(['Apache', 'Caddy', 'Traefik', 'HAProxy', 'Envoy', 'AWS load balancer', 'IIS'])(
  'behind %s',
  (program) => {
    it.each(CAUSES.filter(({ id }) => !OF_NGINX.has(id)).map((cause) => [cause.id, cause] as const))(
      'no step of %s is written for nginx',
      (_, cause) => {
        const facts = behind(program);
        const written = [
          textOf(cause.summary, facts),
          ...adviceFor(cause, facts).steps.flatMap(({ text, command, config }) => [text, command ?? '', config ?? '']),
          ...cause.missing.map(({ command }) => (command === null ? '' : textOf(command, facts))),
        ];
        expect(
          written.filter((text) => /nginx -|\/(?:etc|log)\/nginx|nginx[’ ](?:s|would)|proxy_(?:pass|read)/.test(text)),
        ).toEqual([]);
      },
    );
  },
);
