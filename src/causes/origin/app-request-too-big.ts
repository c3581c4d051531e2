import type { Facts } from '../../correlate/facts.ts';
import type { Cause } from '../cause.ts';
import { appLog } from '../runtimes.ts';
import { bodyLimit } from '../server-topics.ts';
import { failedRequests, MISSING_APP_LOG, MISSING_NGINX_ERROR, onPath, VERIFY_ERROR_LOG_QUIET } from '../texts.ts';
import { forServer, serverName } from '../web-servers.ts';

/** Whether uWSGI itself says so: then the headers are too large, not the body. */
const byUwsgi = (facts: Facts): boolean => facts.signals.has('uwsgi.request-too-big');

/** Whether Apache's module for FastCGI refuses the body, with a limit of its own. */
const byFcgid = (facts: Facts): boolean => facts.signals.has('apache.request-too-big');

/** The backend ends the connection while nginx still sends the request. */
export const appRequestTooBig: Cause = {
  id: 'app-request-too-big',
  title: 'The application refuses the size of the request',
  place: 'origin',
  hop: 'app',
  broader: ['app-closed-early'],
  aliases: ['upstream-request-too-big', 'app-body-rejected'],
  explains: ['gateway', 'application'],
  frequency: 'usual',
  evidence: [
    { signal: 'uwsgi.request-too-big', weight: 'decisive', why: 'such a request is dropped without an answer' },
    { signal: 'apache.request-too-big', weight: 'decisive', why: 'mod_fcgid refuses it before PHP sees it' },
    { signal: 'nginx.write-broken-pipe', weight: 'strong', why: 'the backend hung up while the body was sent' },
    { signal: 'nginx.recv-reset-sending', weight: 'strong', why: 'the backend hung up while the body was sent' },
    { signal: 'nginx.premature-header', weight: 'weak', why: 'a refusal without an answer looks like this' },
    { signal: 'nginx.body-too-large', weight: 'weak', why: 'large requests arrived at that time' },
    { signal: 'nginx.buffered-request', weight: 'weak', why: 'large requests arrived at that time' },
    { signal: 'derived.one-method', weight: 'weak', why: 'only requests with a body fail' },
    { signal: 'derived.one-path', weight: 'weak', why: 'only requests to it are that large' },
    { signal: 'app.crash', weight: 'medium', against: true, why: 'the application crashed on it' },
    { signal: 'kernel.oom-kill', weight: 'medium', against: true, why: 'memory ran out' },
  ],
  summary: (facts) =>
    byUwsgi(facts)
      ? `uWSGI drops requests whose headers (cookies, long URLs) exceed its buffer-size, 4096 bytes by default; ${failedRequests(facts)}${onPath(facts)} failed.`
      : byFcgid(facts)
        ? `Apache’s mod_fcgid refuses bodies above FcgidMaxRequestLen, 131072 bytes by default; ${failedRequests(facts)}${onPath(facts)} failed. PHP’s own limits do not matter to it.`
        : `The application closed the connection while ${serverName(facts)} was still sending the request; ${failedRequests(facts)}${onPath(facts)} failed. A size limit of the application, or a crash on a large upload, makes this.`,
  missing: [MISSING_APP_LOG, MISSING_NGINX_ERROR],
  fix: [
    {
      text: 'Find the limit in the application’s log.',
      command: appLog,
      risk: 'None: it only reads.',
    },
    {
      text: (facts) =>
        byUwsgi(facts)
          ? 'Raise uWSGI’s buffer for request headers, and restart it.'
          : `Raise it to what the site needs${forServer(bodyLimit(64))(facts) === '' ? '' : ', and let the web server refuse more than that with a clear 413'}.`,
      config: (facts) =>
        byUwsgi(facts)
          ? '# uwsgi.ini\n[uwsgi]\nbuffer-size = 32768'
          : [
              byFcgid(facts) ? '# Apache, fcgid.conf or the virtual host\nFcgidMaxRequestLen 67108864' : '',
              '# PHP: post_max_size = 64M, upload_max_filesize = 64M',
              '# Express: express.json({ limit: "64mb" })',
              forServer(bodyLimit(64))(facts),
            ]
              .filter((line) => line !== '')
              .join('\n'),
      risk: (facts) =>
        byUwsgi(facts)
          ? 'A little more memory for each worker. The restart cuts running requests.'
          : 'Larger requests take more memory and time per worker. Cloudflare’s own limit is 100 MB on the Free and Pro plans.',
    },
    {
      text: (facts) =>
        byUwsgi(facts)
          ? 'Find what makes the headers so large: cookies that grow, a token in the address.'
          : 'Let large files go straight to object storage by a signed URL.',
      risk: 'Changes code.',
    },
  ],
  avoid: [
    'Raising only the web server’s limit (nginx: client_max_body_size): it took the request, the application refused it.',
  ],
  verify: [
    (facts) =>
      byUwsgi(facts)
        ? 'The request that failed works, with the same cookies.'
        : 'An upload a little below the limit works, one above it gets a 413.',
    VERIFY_ERROR_LOG_QUIET,
  ],
  prevent: ['One limit, set in the web server and the application alike; the application’s a little higher.'],
  difficulty: 'easy',
  sources: [
    'nginx error log: writev() failed (32) while sending request to upstream',
    'uWSGI: buffer-size',
    'mod_fcgid: FcgidMaxRequestLen',
  ],
};
