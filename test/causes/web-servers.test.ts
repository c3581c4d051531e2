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

/** What only a configuration, command or sentence for nginx holds. */
const FOR_NGINX =
  /nginx -|\/(?:etc|log)\/nginx|\bnginx\b|\b(?:proxy|fastcgi|grpc|uwsgi)_\w+|\bclient_max_|\blimit_(?:req|conn)|\bworker_(?:connections|processes|rlimit)|keepalive_requests|large_client_header/;
/** What may stand there all the same: an example in brackets, a list of programs, services and their users, a name of GitLab’s. */
const EXAMPLES =
  /\([^()]*(?:\bnginx: |wraps nginx)[^()]*\)|nginx\|apache2\|httpd[|\w]*|worker_connections\|MaxRequestWorkers|The user is www-data with nginx and Apache[^.]*\.|Of nginx it takes [^.]*\.|“worker_connections are not enough”|gitlab_workhorse\['\w+'\]/g;

describe.each(Object.keys(WEB_SERVERS).filter((name) => name !== 'nginx'))('behind %s', (program) => {
  it.each(CAUSES.map((cause) => [cause.id, cause] as const))('no step of %s is written for nginx', (_, cause) => {
    const facts = behind(program);
    const written = [
      textOf(cause.summary, facts),
      ...adviceFor(cause, facts).steps.flatMap(({ text, command, config, risk }) => [
        text,
        command ?? '',
        config ?? '',
        risk,
      ]),
      ...cause.missing.map(({ command }) => (command === null ? '' : textOf(command, facts))),
    ];
    expect(written.filter((text) => FOR_NGINX.test(text.replace(EXAMPLES, '')))).toEqual([]);
  });
});

it('finds the web server that ModSecurity is part of', () => {
  const refused = (program: string) => factsOf({ signals: { 'nginx.modsecurity-denied': { values: { program } } } });
  expect(webServer(refused('Apache'))).toBe('Apache');
  expect(webServer(refused('nginx'))).toBe('nginx');
});
