import type { DocumentFormat } from '../format.ts';

/** What only a configuration of nginx has: blocks and directives that end with a semicolon. */
const BLOCK = /^[ \t]{0,80}(?:http|server|events|location\s[^{;\n]{1,200}|upstream\s[\w.-]{1,100})\s{0,20}\{/m;
const DIRECTIVE =
  /^[ \t]{0,80}(?:log_format|listen|server_name|proxy_pass|fastcgi_pass|uwsgi_pass|worker_processes|worker_connections|proxy_(?:read|connect|send)_timeout|fastcgi_(?:read|connect|send)_timeout|access_log|error_log|root|include)\s[^\n]{1,2000}/m;

/**
 * A configuration of nginx among the logs. It makes no record: its log formats are taken before the logs are read
 * (`digest/log-formats.ts`).
 */
export const nginxConf: DocumentFormat = {
  id: 'nginx-conf',
  title: 'nginx configuration',
  hop: 'proxy',
  shape: 'document',
  foundAt: ['/etc/nginx/nginx.conf and the files that it includes', 'nginx -T'],
  limits: ['Only log_format is read: with it the rows of any access log can be told.'],
  examples: () => [
    {
      input:
        "http {\n  log_format timed '$remote_addr [$time_local] $status $request_time';\n  server {\n    listen 80;\n  }\n}\n",
      shows: 'a log format of its own',
      records: [],
    },
  ],
  scoreHead: (head) => {
    if (/^\s{0,200}[{<[]/.test(head)) return 0;
    return DIRECTIVE.test(head) && (BLOCK.test(head) || /\blog_format\s/.test(head)) ? 0.8 : 0;
  },
  read: () => ({ notUnderstood: 0 }),
};
