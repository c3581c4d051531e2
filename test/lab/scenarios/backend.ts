import type { Scenario } from '../scenario.ts';
import type { Manner } from '../servers/backend.ts';
import { type Layout, proxyLocation } from '../servers/configs.ts';
import type { NameServerMood } from '../servers/name-server.ts';
import type { Site } from '../site.ts';

const address = ({ backendPorts }: Layout): string => `127.0.0.1:${backendPorts[0]}`;
const oneBackend = { backends: 1, nginx: { server: (layout: Layout) => proxyLocation(`http://${address(layout)}`) } };

export const behave = (manner: Manner) => (site: Site) => {
  for (const backend of site.backends) backend.manner = manner;
};
const fine = behave('fine');
const close = async (site: Site): Promise<void> => {
  for (const backend of site.backends) await backend.close();
};
const listen = async (site: Site): Promise<void> => {
  for (const backend of site.backends) await backend.listen();
};
const resolve = (mood: NameServerMood) => (site: Site) => {
  site.names.mood = mood;
};

const byName = {
  backends: 1,
  nginx: {
    http: ({ namePort }: Layout) => `resolver 127.0.0.1:${namePort} valid=1s ipv6=off; resolver_timeout 1s;`,
    server: ({ backendPorts }: Layout) =>
      proxyLocation('http://$backend', `set $backend "app.internal.example.com:${backendPorts[0]}";`),
  },
};

/** Where a file with this name lies in the root, requests go to the backend in the broken way: as a wrong deploy does. */
export const switched = (layout: Layout, wrong: string): string => `
    location / {
      proxy_set_header Host $host;
      error_page 418 = @wrong;
      if (-f ${layout.folder}/www/switched) { return 418; }
      proxy_pass http://${address(layout)};
    }
    location /static/ { }
    location @wrong { ${wrong} }`;
export const turnOn = (site: Site) => site.put('switched');
export const turnOff = (site: Site) => site.remove('switched');

/** HTTP applications behind nginx that are away or misbehave. */
export const BACKEND_SCENARIOS: readonly Scenario[] = [
  {
    name: 'backend-port-closed',
    story: 'The application stops: nothing listens on its port.',
    setup: oneBackend,
    breakIt: close,
    mendIt: listen,
    places: ['origin'],
    causes: ['app-down', 'app-restart'],
  },
  {
    name: 'backend-hangs-up',
    story: 'The application closes every connection without an answer.',
    setup: oneBackend,
    breakIt: behave('hangs up'),
    mendIt: fine,
    places: ['origin'],
    causes: ['app-closed-early', 'app-crash'],
  },
  {
    name: 'backend-resets',
    story: 'The application resets every connection.',
    setup: oneBackend,
    breakIt: behave('resets'),
    mendIt: fine,
    places: ['origin'],
    causes: ['app-reset', 'app-crash'],
  },
  {
    name: 'backend-silent',
    story: 'The application takes requests and never answers.',
    setup: {
      backends: 1,
      nginx: { server: (layout) => proxyLocation(`http://${address(layout)}`, 'proxy_read_timeout 2s;') },
    },
    breakIt: behave('says nothing'),
    mendIt: fine,
    places: ['origin'],
    causes: ['app-timeout'],
  },
  {
    name: 'one-backend-path-silent',
    story: 'One path of the application never answers; the others are fine.',
    setup: {
      backends: 1,
      nginx: { server: (layout) => proxyLocation(`http://${address(layout)}`, 'proxy_read_timeout 2s;') },
    },
    breakIt: (site) => {
      for (const backend of site.backends) backend.onlyFor = '/api/stock';
      behave('says nothing')(site);
    },
    mendIt: fine,
    askMeanwhile: ['/api/stock?sku=11', '/api/stock?sku=12'],
    askPerSecond: 6,
    places: ['origin'],
    causes: ['app-timeout', 'php-slow-script'],
  },
  {
    name: 'backend-other-protocol',
    story: 'A database listens where the application should: nginx passes its bytes on as a page.',
    setup: oneBackend,
    breakIt: behave('speaks another protocol'),
    mendIt: fine,
    places: ['origin'],
    causes: ['app-invalid-response'],
  },
  {
    name: 'backend-bad-header',
    story: 'The application sends a header that is not HTTP.',
    setup: oneBackend,
    breakIt: behave('sends a bad header'),
    mendIt: fine,
    places: ['origin'],
    causes: ['app-invalid-response'],
  },
  {
    name: 'backend-two-lengths',
    // nginx refuses this since 1.23 and took it before: then nothing is wrong.
    story: 'The application sends Content-Length twice.',
    setup: oneBackend,
    breakIt: behave('announces two lengths'),
    mendIt: fine,
    places: ['origin', 'none'],
    causes: ['app-invalid-response', 'unknown'],
  },
  {
    name: 'backend-long-header',
    story: 'The application sets a cookie larger than nginx’s buffer.',
    setup: oneBackend,
    breakIt: behave('sends a long header'),
    mendIt: fine,
    places: ['origin'],
    causes: ['app-header-too-big'],
  },
  {
    name: 'backend-cuts-answers',
    story: 'The application breaks off in the middle of its answers.',
    setup: oneBackend,
    breakIt: behave('cuts the answer'),
    mendIt: fine,
    places: ['origin'],
    causes: ['app-cut-body'],
  },
  {
    name: 'backend-says-500',
    story: 'The application answers 500.',
    setup: oneBackend,
    breakIt: behave('answers 500'),
    mendIt: fine,
    places: ['origin'],
    causes: ['app-error-response', 'origin-error-response', 'unknown'],
  },
  {
    name: 'backend-maintenance',
    story: 'The application answers 503 with Retry-After.',
    setup: oneBackend,
    breakIt: behave('answers 503'),
    mendIt: fine,
    places: ['origin'],
    causes: ['maintenance', 'app-error-response', 'origin-error-response'],
  },
  {
    name: 'all-backends-down',
    story: 'Both backends of a group stop: nginx has no live one left.',
    setup: {
      backends: 2,
      nginx: {
        http: ({ backendPorts }) =>
          `upstream shop { ${backendPorts.map((port) => `server 127.0.0.1:${port} max_fails=1 fail_timeout=10s;`).join(' ')} }`,
        server: () => proxyLocation('http://shop'),
      },
    },
    breakIt: close,
    mendIt: listen,
    places: ['origin'],
    causes: ['app-all-down', 'app-down', 'app-restart'],
  },
  {
    name: 'tls-to-a-plain-port',
    story: 'nginx is switched to speak TLS to a port that speaks plain HTTP.',
    setup: {
      backends: 1,
      nginx: { server: (layout) => switched(layout, `proxy_pass https://${address(layout)};`) },
    },
    breakIt: turnOn,
    mendIt: turnOff,
    places: ['origin'],
    causes: ['app-scheme-mismatch', 'app-tls-handshake'],
  },
  {
    name: 'certificate-not-trusted',
    story: 'nginx verifies the application’s certificate and does not trust who signed it.',
    setup: {
      backends: 1,
      certificates: true,
      nginx: {
        http: ({ folder, tlsPort }) => `
  server {
    listen 127.0.0.1:${tlsPort} ssl;
    ssl_certificate ${folder}/backend.crt;
    ssl_certificate_key ${folder}/backend.key;
    location / { return 200 "secure"; }
  }`,
        server: (layout) =>
          switched(
            layout,
            `proxy_pass https://127.0.0.1:${layout.tlsPort}; proxy_ssl_verify on;
             proxy_ssl_trusted_certificate ${layout.folder}/authority.crt;`,
          ),
      },
    },
    breakIt: turnOn,
    mendIt: turnOff,
    places: ['origin'],
    causes: ['app-tls-cert'],
  },
  {
    name: 'name-unknown',
    story: 'The name server no longer knows the application’s name.',
    setup: byName,
    breakIt: resolve('does not know the name'),
    mendIt: resolve('fine'),
    places: ['origin'],
    causes: ['app-dns'],
  },
  {
    name: 'name-server-silent',
    story: 'The name server no longer answers nginx.',
    setup: byName,
    breakIt: resolve('is silent'),
    mendIt: resolve('fine'),
    places: ['origin'],
    causes: ['app-dns'],
  },
  {
    name: 'name-server-fails',
    story: 'The name server answers that it cannot.',
    setup: byName,
    breakIt: resolve('cannot answer'),
    mendIt: resolve('fine'),
    places: ['origin'],
    causes: ['app-dns'],
  },
];
