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
  limits: ['Only log-format is read: with it the rows of the log can be told. The file’s name has to hold “haproxy”.'],
  examples: [
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

/** A configuration of Apache among the logs; its formats are taken before the logs are read. */
export const apacheConf: DocumentFormat = {
  id: 'apache-conf',
  title: 'Apache configuration',
  hop: 'proxy',
  shape: 'document',
  foundAt: ['/etc/apache2/apache2.conf', '/etc/apache2/sites-enabled/*.conf', '/etc/httpd/conf/httpd.conf'],
  limits: ['Only LogFormat is read: with it the rows of any access log can be told.'],
  examples: [
    {
      input:
        'ServerRoot "/etc/apache2"\nErrorLog /var/log/apache2/error.log\nLogFormat "%v:%p %h %l %u %t \\"%r\\" %>s %O" vhost_combined\n',
      shows: 'a log format',
      records: [],
    },
  ],
  scoreHead: (head) => ((head.match(APACHE_DIRECTIVE)?.length ?? 0) >= ENOUGH_DIRECTIVES ? 0.8 : 0),
  read: () => ({ notUnderstood: 0 }),
};
