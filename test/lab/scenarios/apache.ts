import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from '../scenario.ts';
import type { Layout } from '../servers/configs.ts';
import { behave } from './backend.ts';

const toBackend = ({ backendPorts }: Layout, more = ''): string => `
ProxyPass /static/ !
ProxyPass / http://127.0.0.1:${backendPorts[0]}/ ${more}`;
const toPhp = ({ folder }: Layout): string => `
RewriteEngine On
RewriteCond %{REQUEST_URI} !^/static/
RewriteCond %{REQUEST_URI} !\\.php$
RewriteRule ^ /index.php [L]
<FilesMatch "\\.php$">
  SetHandler "proxy:unix:${folder}/php.sock|fcgi://localhost"
</FilesMatch>`;
const ofBackend: Scenario['setup'] = { backends: 1, apache: { rules: (layout) => toBackend(layout, 'retry=0') } };

/** Apache in front. */
export const APACHE_SCENARIOS: readonly Scenario[] = [
  {
    name: 'apache-backend-down',
    story: 'The application behind Apache stops.',
    needs: ['apache'],
    setup: ofBackend,
    breakIt: (site) => site.backends[0]?.close(),
    mendIt: (site) => site.backends[0]?.listen(),
    places: ['origin'],
    causes: ['app-down', 'app-restart', 'app-all-down'],
  },
  {
    name: 'apache-backend-hangs-up',
    story: 'The application behind Apache closes every connection without an answer.',
    needs: ['apache'],
    setup: ofBackend,
    breakIt: behave('hangs up'),
    mendIt: behave('fine'),
    places: ['origin'],
    causes: ['app-closed-early', 'app-crash'],
  },
  {
    name: 'apache-backend-silent',
    story: 'One path of the application behind Apache never answers.',
    needs: ['apache'],
    setup: { backends: 1, apache: { processes: 60, rules: (layout) => toBackend(layout, 'timeout=2') } },
    breakIt: (site) => {
      for (const backend of site.backends) backend.onlyFor = '/api/stock';
      behave('says nothing')(site);
    },
    mendIt: behave('fine'),
    askMeanwhile: ['/api/stock?sku=11'],
    askPerSecond: 5,
    places: ['origin'],
    causes: ['app-timeout'],
  },
  {
    name: 'apache-fpm-stopped',
    story: 'PHP-FPM behind Apache is stopped: its socket file is gone.',
    needs: ['apache'],
    setup: { pool: {}, apache: { rules: toPhp } },
    breakIt: (site) => site.fpm?.end('SIGTERM'),
    mendIt: (site) => site.startFpm(),
    places: ['origin'],
    causes: ['app-socket-missing', 'app-restart', 'app-down'],
  },
  {
    name: 'apache-php-fatal',
    story: 'A plugin dies of a type error; Apache’s error log has PHP’s words.',
    needs: ['apache'],
    setup: { pool: { phpErrorsTo: 'nginx' }, apache: { rules: toPhp } },
    breakIt: (site) => site.put('.broken-plugin'),
    mendIt: (site) => site.remove('.broken-plugin'),
    places: ['origin'],
    causes: ['php-plugin-fault', 'php-fatal'],
  },
  {
    name: 'apache-children-crash',
    story: 'Children of Apache crash while they carry requests.',
    needs: ['apache'],
    setup: { pool: { workers: 40, manager: 'static' }, apache: { processes: 60, rules: toPhp } },
    breakIt: async (site) => {
      for (let i = 0; i < 4; i++) {
        await sleep(700);
        site.nginx.signalWorkers('SIGSEGV');
      }
    },
    askMeanwhile: ['/export.php'],
    askPerSecond: 5,
    places: ['origin'],
    causes: ['web-server-crash'],
  },
  {
    name: 'apache-htaccess-broken',
    story: 'A plugin wrote a word into .htaccess that Apache does not know: every page answers 500.',
    needs: ['apache'],
    setup: {
      pool: {},
      apache: {
        rules: (layout) => `${toPhp(layout)}
<Directory ${layout.folder}/www>
  AllowOverride All
</Directory>`,
      },
    },
    breakIt: (site) => site.put('.htaccess', '# BEGIN Speed\nSpeedCompress on\n# END Speed\n'),
    mendIt: (site) => site.remove('.htaccess'),
    places: ['origin'],
    causes: ['web-server-config-error'],
  },
];
