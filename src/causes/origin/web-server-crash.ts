import type { Cause } from '../cause.ts';
import { wordOf } from '../php-texts.ts';
import { CORE_DUMP, MODULES, UPGRADE } from '../server-topics.ts';
import {
  AVOID_ONLY_RESTART,
  failedRequests,
  MISSING_EDGE_LOG,
  MISSING_KERNEL_LOG,
  MISSING_NGINX_ERROR,
} from '../texts.ts';
import { forServer, serverProcess, whereServerHas } from '../web-servers.ts';

/** A worker of the web server died; its connections ended without an answer. */
export const webServerCrash: Cause = {
  id: 'web-server-crash',
  title: 'A web server worker crashed or was killed',
  place: 'origin',
  hop: 'proxy',
  broader: ['origin-empty-reply', 'web-server-down'],
  aliases: ['nginx-crash', 'nginx-worker-crash', 'nginx-worker-killed'],
  explains: ['gateway'],
  frequency: 'rare',
  evidence: [
    { signal: 'nginx.worker-signal', weight: 'decisive', why: 'every connection of that worker was cut' },
    { signal: 'nginx.worker-fatal', weight: 'decisive', why: 'the worker is not started again' },
    { signal: 'apache.child-crash', weight: 'decisive', why: 'every connection of that child was cut' },
    { signal: 'proxy.child-crash', weight: 'decisive', why: 'every connection of that process was cut' },
    { signal: 'nginx.worker-killed', weight: 'strong', why: 'every connection of that worker was cut' },
    { signal: 'unit.killed', weight: 'strong', why: 'the web server itself ended on a signal' },
    { signal: 'kernel.segfault', role: 'proxy', weight: 'medium', why: 'the process is the web server’s' },
    { signal: 'kernel.trap', role: 'proxy', weight: 'medium', why: 'the process is the web server’s' },
    { signal: 'edge.520', weight: 'medium', why: 'a cut connection is an empty answer to Cloudflare' },
    { signal: 'edge.502-tried-origin', weight: 'weak', why: 'a cut connection is an empty answer to Cloudflare' },
    { signal: 'cloudflared.inner-eof', weight: 'weak', why: 'the connection ended without an answer' },
    { signal: 'cloudflared.inner-reset', weight: 'weak', why: 'the connection ended without an answer' },
    { signal: 'derived.not-in-origin-log', weight: 'weak', why: 'a worker that dies logs nothing of its requests' },
    { signal: 'kernel.oom-kill', weight: 'strong', against: true, why: 'the kernel killed it for lack of memory' },
    { signal: 'unit.oom-killed', weight: 'strong', against: true, why: 'it was killed for lack of memory' },
    { signal: 'fpm.child-segv', weight: 'strong', against: true, why: 'it was PHP that crashed' },
    {
      signal: 'apache.script-closed',
      weight: 'strong',
      against: true,
      why: 'the process that died ran a script for Apache, which lived to say so',
    },
    { signal: 'access.no-answer-502', weight: 'medium', against: true, why: 'the web server lived to answer 502' },
  ],
  summary: (facts) => {
    const signal = wordOf(facts, ['nginx.worker-signal', 'nginx.worker-killed'], 'signalNumber');
    return `A worker process of the web server died${signal === null ? '' : ` on signal ${signal}`}. The requests that it held ended without an answer${facts.failed === 0 ? '' : `: ${failedRequests(facts)} failed`}.`;
  },
  missing: [
    MISSING_KERNEL_LOG,
    MISSING_NGINX_ERROR,
    MISSING_EDGE_LOG,
    {
      what: 'a core dump of the crashed worker',
      why: 'its stack names the module at fault',
      command: (facts) => `coredumpctl info ${serverProcess(facts) || '<program>'}`,
      unless: { signals: [] },
    },
  ],
  fix: [
    {
      text: 'See which modules are loaded, and the version. Third-party modules and scripts are at fault far more often than the web server itself.',
      command: forServer(MODULES),
      risk: 'None: it only reads.',
    },
    {
      text: 'Upgrade the web server and the module to versions built for each other, or take the newest module out.',
      command: forServer(UPGRADE),
      risk: 'The restart cuts running requests; do it in a quiet minute.',
    },
    {
      text: whereServerHas(CORE_DUMP, 'Keep a core dump of the next crash.'),
      config: forServer(CORE_DUMP),
      risk: 'A core dump holds visitors’ data and TLS keys; delete it after use.',
    },
  ],
  avoid: [AVOID_ONLY_RESTART, 'Raising the number of workers: more of them crash just as often.'],
  verify: [
    'The web server’s error log and the journal have no new line of a worker that died (nginx: “exited on signal”, Apache: “exit signal”, Varnish: “died signal”).',
  ],
  prevent: [
    'Pin the versions of modules to that of the web server.',
    'Try module upgrades on one server under real traffic first.',
  ],
  difficulty: 'hard',
  sources: [
    'nginx source: ngx_process_get_status',
    'Apache httpd AH00051, AH00052',
    'developers.cloudflare.com: error 520',
  ],
};
