import type { DocumentFormat } from '../format.ts';

const HAPROXY_SECTION = /^(?:global|defaults(?:\s\S{1,100})?|(?:frontend|backend|listen)\s{1,20}\S{1,200})\s{0,20}$/gm;
const HAPROXY_KEYWORD =
  /^[ \t]{1,80}(?:bind|server|mode|timeout|option|log|log-format|use_backend|default_backend|maxconn|stats)\s\S/m;

/** A configuration of HAProxy among the logs; its formats are taken before the logs are read (`digest/log-formats.ts`). */
export const haproxyConf: DocumentFormat = {
  id: 'haproxy-conf',
  title: 'HAProxy configuration',
  hop: 'proxy',
  shape: 'document',
  foundAt: ['/etc/haproxy/haproxy.cfg'],
  limits: [
    'An analysis reads only log-format: with it the rows of the log can be told. The file’s name has to hold “haproxy”. check-logs reads also what its frontends log.',
  ],
  examples: () => [
    {
      input:
        'defaults\n    mode http\n    timeout server 30s\nfrontend www\n    bind :443\n    log-format "%ci [%tr] %b/%s %ST %tsc %{+Q}r"\n',
      shows: 'a log format of its own',
      records: [],
    },
  ],
  scoreHead: (head) => ((head.match(HAPROXY_SECTION)?.length ?? 0) >= 2 && HAPROXY_KEYWORD.test(head) ? 0.8 : 0),
  read: () => ({ notUnderstood: 0 }),
};

const APACHE_DIRECTIVE =
  /^[ \t]{0,80}(?:LogFormat\s{1,20}"|CustomLog\s|ErrorLog\s|ServerRoot\s|ServerName\s|DocumentRoot\s|LoadModule\s|ProxyPass\s|Listen\s|IncludeOptional\s|<\/?VirtualHost\b|<\/?IfModule\b)/gm;
const ENOUGH_DIRECTIVES = 2;
/** One of these is enough: distributions have files that say no more. */
const APACHE_LOGGING = /^[ \t]{0,80}(?:CustomLog|LogFormat)[ \t]{1,20}\S/m;

/** A configuration of Apache among the logs; its formats are taken before the logs are read. */
export const apacheConf: DocumentFormat = {
  id: 'apache-conf',
  title: 'Apache configuration',
  hop: 'proxy',
  shape: 'document',
  foundAt: ['/etc/apache2/apache2.conf', '/etc/apache2/sites-enabled/*.conf', '/etc/httpd/conf/httpd.conf'],
  limits: [
    'An analysis reads only LogFormat: with it the rows of any access log can be told. check-logs reads also which logs are written, and at which level.',
  ],
  examples: () => [
    {
      input:
        'ServerRoot "/etc/apache2"\nErrorLog /var/log/apache2/error.log\nLogFormat "%v:%p %h %l %u %t \\"%r\\" %>s %O" vhost_combined\n',
      shows: 'a log format',
      records: [],
    },
  ],
  scoreHead: (head) =>
    APACHE_LOGGING.test(head) || (head.match(APACHE_DIRECTIVE)?.length ?? 0) >= ENOUGH_DIRECTIVES ? 0.8 : 0,
  read: () => ({ notUnderstood: 0 }),
};

/** A line that opens a block of the Caddyfile: a site’s addresses, global options, a snippet. */
const CADDY_BLOCK = /^(?![ \t#}])(?:[^\n;{}]{1,500} )?\{[ \t]{0,20}$/m;
/** Directives that no other configuration writes so, without a semicolon. */
const CADDY_DIRECTIVE =
  /^[ \t]{0,80}(?:reverse_proxy|php_fastcgi|file_server|handle_path|handle_errors|encode (?:gzip|zstd)|root \*|basic_?auth|request_header|header_up|tls internal)(?:[ \t]{1,20}[^;:=\s][^;\n]{0,500})?$/m;

/** A configuration of Caddy among the logs. */
export const caddyfile: DocumentFormat = {
  id: 'caddyfile',
  title: 'Caddyfile',
  hop: 'proxy',
  shape: 'document',
  foundAt: ['/etc/caddy/Caddyfile'],
  limits: ['Only check-logs reads it: whether its sites write access logs.'],
  examples: () => [
    {
      input: 'www.example.com {\n\tencode gzip\n\treverse_proxy localhost:3000\n}\n',
      shows: 'a site that writes no access log',
      records: [],
    },
  ],
  scoreHead: (head) => (CADDY_BLOCK.test(head) && CADDY_DIRECTIVE.test(head) && !/;[ \t]{0,20}$/m.test(head) ? 0.7 : 0),
  read: () => ({ notUnderstood: 0 }),
};
