/** Where a site's files lie and on which ports it listens. */
export interface Layout {
  readonly folder: string;
  /** Account of the workers; null where the lab does not run as root and everything is the caller's. */
  readonly account: string | null;
  readonly port: number;
  readonly backendPorts: readonly number[];
  readonly namePort: number;
  /** For a second server block that speaks TLS. */
  readonly tlsPort: number;
  /** For a program of its own behind the web server. */
  readonly appPort: number;
  /** The site's name. */
  readonly host: string;
}

/** What a site says about its own nginx. `http` and `server` are added to these blocks, `main` to the top. */
export interface NginxSetup {
  readonly main?: string;
  readonly workerConnections?: number;
  readonly http?: (layout: Layout) => string;
  readonly server?: (layout: Layout) => string;
}

export interface PoolSetup {
  readonly workers?: number;
  readonly manager?: 'dynamic' | 'static' | 'ondemand';
  /** More lines of the pool. */
  readonly more?: readonly string[];
  /** Where PHP writes its errors: a file of its own, or nginx's error log by way of FastCGI's standard error. */
  readonly phpErrorsTo?: 'file' | 'nginx';
}

/** Apache in place of nginx. */
export interface ApacheSetup {
  /** How many requests it takes at a time. */
  readonly processes?: number;
  readonly rules: (layout: Layout) => string;
}

const FASTCGI = [
  'SCRIPT_FILENAME $document_root$fastcgi_script_name',
  'SCRIPT_NAME $fastcgi_script_name',
  'QUERY_STRING $query_string',
  'REQUEST_METHOD $request_method',
  'REQUEST_URI $request_uri',
  'CONTENT_TYPE $content_type',
  'CONTENT_LENGTH $content_length',
  'SERVER_PROTOCOL $server_protocol',
  'REMOTE_ADDR $remote_addr',
  'SERVER_NAME $server_name',
  'REDIRECT_STATUS 200',
];

/** The same request is written to two access logs: with the upstream fields, and as Debian's default has it. */
export function nginxConfig(layout: Layout, setup: NginxSetup): string {
  const { folder } = layout;
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/temp/${name};`,
  );
  return `${layout.account === null ? '' : `user ${layout.account};`}
daemon off;
worker_processes 2;
pid ${folder}/nginx.pid;
error_log ${folder}/logs/error.log notice;
${setup.main ?? ''}
events { worker_connections ${setup.workerConnections ?? 256}; }
http {
  ${temp.join('\n  ')}
  types { text/html html; text/css css; }
  default_type text/html;
  log_format upstream '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" '
    '"$http_user_agent" rt=$request_time uct=$upstream_connect_time uht=$upstream_header_time '
    'urt=$upstream_response_time us=$upstream_status ua=$upstream_addr';
  access_log ${folder}/logs/access-upstream.log upstream;
  access_log ${folder}/logs/access-combined.log combined;
  ${setup.http?.(layout) ?? ''}
  server {
    listen 127.0.0.1:${layout.port};
    server_name ${layout.host};
    root ${folder}/www;
    ${setup.server?.(layout) ?? phpLocations(layout)}
  }
}
`;
}

/** Static files from the disk, everything else to index.php; further directives go into the PHP location. */
export function phpLocations({ folder }: Layout, more = ''): string {
  return `
    location / { try_files $uri /index.php?$args; }
    location ~ \\.php$ {
      ${FASTCGI.map((param) => `fastcgi_param ${param};`).join('\n      ')}
      fastcgi_pass unix:${folder}/php.sock;
      ${more}
    }`;
}

/** Everything to one HTTP backend; further directives go into the location. */
export function proxyLocation(target: string, more = ''): string {
  return `
    location /static/ { }
    location / {
      proxy_set_header Host $host;
      proxy_pass ${target};
      ${more}
    }`;
}

export function poolConfig(layout: Layout, setup: PoolSetup): string {
  const { folder, account } = layout;
  const workers = setup.workers ?? 6;
  return `[global]
daemonize = no
error_log = ${folder}/logs/php-fpm.log
log_level = notice
[shop]
${account === null ? '' : `user = ${account}\ngroup = ${account}\nlisten.owner = ${account}\nlisten.group = ${account}\nlisten.mode = 0660`}
listen = ${folder}/php.sock
pm = ${setup.manager ?? 'dynamic'}
pm.max_children = ${workers}
pm.start_servers = 2
pm.min_spare_servers = 1
pm.max_spare_servers = 3
slowlog = ${folder}/logs/php-slow.log
php_admin_flag[log_errors] = on
php_admin_flag[display_errors] = off
${setup.phpErrorsTo === 'nginx' ? '' : `php_admin_value[error_log] = ${folder}/logs/php-error.log`}
${(setup.more ?? []).join('\n')}
`;
}

const APACHE_MODULES = 'authz_core proxy proxy_http proxy_fcgi rewrite alias';

/** Apache in front: static files from the disk, the rest as `rules` say. Its access logs have the names of nginx's. */
export function apacheConfig(layout: Layout, { processes = 20, rules }: ApacheSetup): string {
  const { folder, account, port, host } = layout;
  const modules = ['mpm_prefork', ...APACHE_MODULES.split(' ')].map(
    (name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`,
  );
  return `ServerRoot ${folder}
PidFile ${folder}/apache.pid
DefaultRuntimeDir ${folder}/temp
${modules.join('\n')}
${account === null ? '' : `User ${account}\nGroup ${account}`}
Listen 127.0.0.1:${port}
ServerName ${host}
ServerLimit ${processes}
MaxRequestWorkers ${processes}
StartServers 4
LogFormat "%h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined
LogFormat "%h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\" %D" timed
CustomLog ${folder}/logs/access-combined.log combined
CustomLog ${folder}/logs/access-upstream.log timed
ErrorLog ${folder}/logs/error.log
LogLevel warn
DocumentRoot ${folder}/www
<Directory ${folder}/www>
  Require all granted
</Directory>
${rules(layout)}
`;
}
