import { readFileSync, writeFileSync } from 'node:fs';
import type { Scenario } from '../scenario.ts';
import type { Manner } from '../servers/backend.ts';
import { type Layout, phpLocations, proxyLocation } from '../servers/configs.ts';
import type { Site } from '../site.ts';
import { behave, switched, turnOff, turnOn } from './backend.ts';

const address = ({ backendPorts }: Layout): string => `127.0.0.1:${backendPorts[0]}`;
const wrongly = (manner: Manner): Pick<Scenario, 'setup' | 'breakIt' | 'mendIt'> => ({
  setup: { backends: 1, nginx: { server: (layout) => proxyLocation(`http://${address(layout)}`) } },
  breakIt: behave(manner),
  mendIt: behave('fine'),
});

/** A second server block with TLS stands for the application. */
const secure =
  (more = '', name = '') =>
  ({ folder, tlsPort }: Layout): string =>
    `
  server {
    listen 127.0.0.1:${tlsPort} ssl${name === '' ? '' : ' default_server'};
    ${name === '' ? '' : `ssl_reject_handshake on;\n  }\n  server {\n    listen 127.0.0.1:${tlsPort} ssl;\n    server_name ${name};`}
    ssl_certificate ${folder}/backend.crt;
    ssl_certificate_key ${folder}/backend.key;
    ${more}
    location / { return 200 "secure"; }
  }`;

const overTls = (wrong: (layout: Layout) => string, more = '', name = ''): Scenario['setup'] => ({
  backends: 1,
  certificates: true,
  nginx: { http: secure(more, name), server: (layout) => switched(layout, wrong(layout)) },
});
const switching = { breakIt: turnOn, mendIt: turnOff };

/** Changes nginx's configuration as it runs. */
const reconfigure = (site: Site, change: (text: string) => string): void => {
  const path = site.path('nginx.conf');
  writeFileSync(path, change(readFileSync(path, 'utf8')));
  site.nginx.signal('SIGHUP');
};

/** nginx and the application do not speak the same language. */
export const PROTOCOL_SCENARIOS: readonly Scenario[] = [
  {
    name: 'kept-connections-reset',
    story: 'The application closes kept connections just when nginx uses them again.',
    setup: {
      backends: 1,
      nginx: {
        http: (layout) => `upstream shop { server ${address(layout)}; keepalive 8; }`,
        server: () =>
          proxyLocation(
            'http://shop',
            'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_next_upstream off;',
          ),
      },
    },
    breakIt: behave('resets kept connections'),
    mendIt: behave('fine'),
    places: ['origin'],
    causes: ['app-keepalive-race', 'app-reset', 'app-closed-early', 'app-crash'],
  },
  {
    name: 'backend-speaks-http2',
    story: 'The application speaks HTTP/2 where nginx speaks HTTP/1.',
    ...wrongly('speaks HTTP/2'),
    places: ['origin'],
    causes: ['app-invalid-response'],
  },
  {
    name: 'backend-breaks-chunks',
    story: 'The application sends chunks that are none.',
    ...wrongly('sends broken chunks'),
    places: ['origin'],
    causes: ['app-invalid-response', 'app-cut-body'],
  },
  {
    name: 'inner-proxy-says-502',
    story: 'Another proxy behind nginx answers 502: nginx passes it on and has no line about it.',
    ...wrongly('answers 502'),
    places: ['origin'],
    causes: ['app-error-response', 'origin-error-response', 'app-down', 'unknown'],
  },
  {
    name: 'grpc-to-http1',
    story: 'grpc_pass meets an application that speaks HTTP/1.',
    setup: { backends: 1, nginx: { server: (l) => switched(l, `grpc_pass grpc://${address(l)};`) } },
    ...switching,
    places: ['origin'],
    causes: ['app-invalid-response', 'app-scheme-mismatch', 'app-closed-early', 'app-reset'],
  },
  {
    name: 'fastcgi-to-http',
    story: 'fastcgi_pass names the port of an HTTP server.',
    setup: { backends: 1, nginx: { server: (l) => switched(l, `fastcgi_pass ${address(l)};`) } },
    ...switching,
    places: ['origin'],
    causes: ['app-invalid-response', 'app-scheme-mismatch', 'app-closed-early', 'app-timeout'],
  },
  {
    name: 'http-to-fastcgi',
    story: 'proxy_pass names the socket of PHP-FPM, which does not speak HTTP.',
    setup: {
      pool: {},
      backends: 1,
      nginx: { server: (l) => switched(l, `proxy_pass http://unix:${l.folder}/php.sock:;`) },
    },
    ...switching,
    places: ['origin'],
    causes: ['app-invalid-response', 'app-scheme-mismatch', 'app-closed-early', 'app-reset', 'app-crash'],
  },
  {
    name: 'tls-name-unknown-there',
    story: 'The application wants its name in the TLS handshake, and nginx does not send it.',
    setup: overTls((l) => `proxy_pass https://127.0.0.1:${l.tlsPort};`, '', 'secure.example.org'),
    ...switching,
    places: ['origin'],
    causes: ['app-tls-handshake'],
  },
  {
    name: 'tls-too-old',
    story: 'nginx offers TLS 1.2 at most, the application wants 1.3.',
    setup: overTls(
      (l) => `proxy_pass https://127.0.0.1:${l.tlsPort}; proxy_ssl_protocols TLSv1.2;`,
      'ssl_protocols TLSv1.3;',
    ),
    ...switching,
    places: ['origin'],
    causes: ['app-tls-handshake'],
  },
  {
    name: 'tls-other-name',
    story: 'The application’s certificate is trusted and for another name.',
    setup: overTls(
      (l) => `proxy_pass https://127.0.0.1:${l.tlsPort}; proxy_ssl_verify on; proxy_ssl_name db.example.org;
             proxy_ssl_trusted_certificate ${l.folder}/backend.crt;`,
    ),
    ...switching,
    places: ['origin'],
    causes: ['app-tls-cert'],
  },
  {
    name: 'tls-never-answered',
    story: 'The application accepts the connection and never answers the TLS handshake.',
    setup: {
      backends: 1,
      nginx: {
        server: (l) => switched(l, `proxy_pass https://${address(l)}; proxy_connect_timeout 2s;`),
      },
    },
    breakIt: async (site) => {
      behave('says nothing')(site);
      await turnOn(site);
    },
    mendIt: async (site) => {
      behave('fine')(site);
      await turnOff(site);
    },
    places: ['origin'],
    causes: ['app-connect-timeout', 'app-tls-handshake'],
  },
  {
    name: 'login-check-fails',
    story: 'auth_request asks a service that is down, so every page answers 500.',
    setup: {
      backends: 2,
      nginx: {
        server: (l) => `
    location /static/ { }
    location = /check { internal; proxy_pass http://127.0.0.1:${l.backendPorts[1]}; }
    location / { auth_request /check; proxy_pass http://${address(l)}; }`,
      },
    },
    breakIt: (site) => site.backends[1]?.close(),
    mendIt: (site) => site.backends[1]?.listen(),
    places: ['origin'],
    causes: ['http-dependency', 'app-down', 'app-restart'],
  },
  {
    name: 'resolver-missing',
    story: 'A name in a variable, and no resolver to look it up.',
    setup: {
      backends: 1,
      nginx: { server: (l) => switched(l, 'set $there "app.internal.example.com"; proxy_pass http://$there;') },
    },
    ...switching,
    places: ['origin'],
    causes: ['app-dns', 'web-server-config-error'],
  },
  {
    name: 'proxy-protocol-unspoken',
    story: 'nginx is told to expect the PROXY protocol, and visitors come without it: they get no answer at all.',
    setup: { pool: {}, nginx: { server: (l) => phpLocations(l) } },
    breakIt: (site) => reconfigure(site, (text) => text.replace(/listen (127\S+\d);/, 'listen $1 proxy_protocol;')),
    mendIt: (site) => reconfigure(site, (text) => text.replace(' proxy_protocol;', ';')),
    places: ['origin', 'unknown'],
    causes: ['web-server-config-error', 'origin-empty-reply', 'unknown'],
  },
];
