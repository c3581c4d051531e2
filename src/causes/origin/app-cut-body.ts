import type { Cause } from '../cause.ts';
import { pastCloudflare } from '../commands.ts';
import { appLog } from '../runtimes.ts';
import { longStream } from '../server-topics.ts';
import {
  backendFirst,
  MISSING_APP_LOG,
  MISSING_KERNEL_LOG,
  MISSING_NGINX_ERROR,
  onPath,
  VERIFY_ERROR_LOG_QUIET,
} from '../texts.ts';
import { forServer, serverName, webServer } from '../web-servers.ts';

/** The header was out when the backend ended: status 200, short body. */
export const appCutBody: Cause = {
  id: 'app-cut-body',
  title: 'The answer was cut off in the middle (200, short body)',
  place: 'origin',
  hop: 'app',
  broader: [],
  aliases: ['app-truncated', 'app-stalled', 'origin-incomplete-body'],
  explains: ['gateway', 'application'],
  frequency: 'usual',
  evidence: [
    { signal: 'nginx.premature-body', weight: 'strong', why: 'the backend ended before its own Content-Length' },
    { signal: 'nginx.recv-reset-body', weight: 'strong', why: 'the backend was cut off while it sent' },
    { signal: 'nginx.timeout-body', weight: 'strong', why: 'the backend stopped sending in the middle' },
    { signal: 'apache.backend-cut', weight: 'strong', why: 'the backend ended before its own Content-Length' },
    { signal: 'proxy.backend-cut', weight: 'strong', why: 'the backend ended before the answer was whole' },
    { signal: 'host.shown-cut', weight: 'medium', why: 'less came than the header had announced' },
    { signal: 'nginx.grpc-closed-stream', weight: 'medium', why: 'the backend ended the stream in the middle' },
    { signal: 'nginx.bad-chunk', weight: 'weak', why: 'the body ended or broke in the middle' },
    { signal: 'nginx.fcgi-premature-stdout', weight: 'medium', why: 'PHP’s output ended in the middle' },
    { signal: 'edge.refused-origin-answer', weight: 'weak', why: 'Cloudflare got a 200 and could not use it' },
    { signal: 'edge.520', weight: 'weak', why: 'Cloudflare got an answer that it could not use' },
    { signal: 'nginx.disk-full', weight: 'strong', against: true, why: 'nginx had no room to buffer the answer' },
    { signal: 'nginx.temp-denied', weight: 'strong', against: true, why: 'nginx may not buffer the answer' },
    {
      signal: 'derived.fastcgi-backend',
      weight: 'weak',
      against: true,
      why: 'PHP-FPM breaks off in the middle only as its worker dies',
    },
    { signal: 'nginx.inflate', weight: 'medium', against: true, why: 'the compressed data itself is broken' },
    { signal: 'derived.compressed-only', weight: 'medium', against: true, why: 'only compressed answers fail' },
  ],
  summary: (facts) =>
    `${backendFirst(facts)} began its answer and then ended or stalled${onPath(facts)}. The status was already sent, so visitors got a page that stops in the middle, and the access log says 200.`,
  missing: [MISSING_APP_LOG, MISSING_NGINX_ERROR, MISSING_KERNEL_LOG],
  fix: [
    {
      text: 'Compare the announced length with what comes, past Cloudflare and without compression.',
      command: (facts) =>
        `curl -sk -H 'Accept-Encoding: identity' -D - -o /tmp/body ${pastCloudflare(facts)}; wc -c /tmp/body`,
      risk: 'None: it only reads. curl error 18 means a short body.',
    },
    {
      text: 'Read the application’s log at the second of the error line: a worker that died, or an exception while it streamed.',
      command: appLog,
      risk: 'None: it only reads.',
    },
    {
      text: (facts) =>
        `A stream that pauses longer than ${serverName(facts)} waits between two reads${webServer(facts) === 'nginx' ? ' (60 s)' : ''}: send something now and then${forServer(longStream(90))(facts) === '' ? '' : ', or raise the limit for that path alone'}.`,
      config: forServer(longStream(90)),
      risk: 'Each open stream holds a connection, and with PHP a worker.',
    },
    {
      text: (facts) =>
        webServer(facts) === 'nginx'
          ? 'Downloads that end a little beyond 1 GB: nginx has filled its temporary file for the answer (proxy_max_temp_file_size), reads on only as fast as the visitor does, and the backend gives up. Do without the file there.'
          : '',
      config: (facts) =>
        webServer(facts) === 'nginx' ? 'proxy_max_temp_file_size 0;   # fastcgi_max_temp_file_size for PHP-FPM' : '',
      risk: 'The backend is held for as long as the slowest visitor takes; its own time-out for writing must allow that.',
    },
    {
      text: 'Take out Content-Length where the application sets it by hand: it has to equal the bytes sent, after compression.',
      risk: 'Answers then go out in chunks, without a known length.',
    },
  ],
  avoid: ['Trusting the access log: it says 200 for these requests. Compare bytes sent with Content-Length.'],
  verify: ['The curl above ends without error 18, and the length fits.', VERIFY_ERROR_LOG_QUIET],
  prevent: ['Alert on the lines "while reading upstream" in the error log, as no status shows them.'],
  difficulty: 'moderate',
  sources: [
    'nginx source: ngx_event_pipe_read_upstream',
    'nginx error log: … while reading upstream',
    'nginx.org: proxy_max_temp_file_size',
  ],
};
