import type { SignalId } from '../../vocabulary/signals.ts';

/** What uWSGI says of itself. First match wins. */
export interface UwsgiMessage {
  readonly signal: SignalId;
  readonly pattern: RegExp;
  /** Whether only uWSGI writes so. */
  readonly certain: boolean;
  readonly sample: string;
}

/** Source: uWSGI 2.0 core/uwsgi.c, master.c, master_checks.c, master_utils.c, init.c, protocol.c; run and broken. */
export const UWSGI_MESSAGES: readonly UwsgiMessage[] = [
  {
    signal: 'uwsgi.request-too-big',
    pattern:
      /^invalid (?:HTTP request size|request block size: (?<requestBytes>\d{1,12})) \(max (?<maxBytes>\d{1,12})\)/,
    certain: true,
    sample: 'invalid request block size: 5292 (max 4096)...skip',
  },
  {
    signal: 'uwsgi.harakiri',
    pattern: /^\*\*\* HARAKIRI ON WORKER \d{1,6} \(pid: (?<pid>\d{1,10}), try: 1(?:, [^)]{1,80})?\)/,
    certain: true,
    sample: '*** HARAKIRI ON WORKER 2 (pid: 812, try: 1) ***',
  },
  {
    signal: 'uwsgi.queue-full',
    pattern:
      /^\*\*\* uWSGI listen queue of socket "(?<socket>[^"]{1,200})" \(fd: \d{1,6}\) full !!! \((?<queued>\d{1,9})\/(?<queueLength>\d{1,9})\)/,
    certain: true,
    sample: '*** uWSGI listen queue of socket "/tmp/uwsgi.sock" (fd: 3) full !!! (101/100) ***',
  },
  {
    signal: 'uwsgi.worker-crash',
    pattern: /^!!! uWSGI process (?<pid>\d{1,10}) got Segmentation Fault !!!/,
    certain: true,
    sample: '!!! uWSGI process 30657 got Segmentation Fault !!!',
  },
  {
    signal: 'app.worker-exit',
    pattern:
      /^DAMN ! (?:worker|mule|spooler) \d{1,6} \(pid: (?<pid>\d{1,10})\) died(?:, killed by signal (?<signalNumber>\d{1,3}))?/,
    certain: true,
    sample: 'DAMN ! worker 1 (pid: 30632) died, killed by signal 9 :( trying respawn ...',
  },
  {
    signal: 'uwsgi.respawns',
    pattern: /^worker respawning too fast !!! i have to sleep a bit/,
    certain: true,
    sample: 'worker respawning too fast !!! i have to sleep a bit (2 seconds)...',
  },
  {
    signal: 'uwsgi.boot-failed',
    pattern:
      /^(?:unable to load app \d{1,6} \(mountpoint=|\*\*\* no app loaded\. |(?:---|\*\*\*) no python application found, check your startup logs)/,
    certain: true,
    sample: "unable to load app 0 (mountpoint='') (callable not found or import error)",
  },
  {
    signal: 'app.port-in-use',
    pattern: /^bind\(\): Address already in use \[core\/socket\.c/,
    certain: true,
    sample: 'bind(): Address already in use [core/socket.c line 769]',
  },
  {
    // core/socket.c: it ends before it listens.
    signal: 'app.not-listening',
    pattern:
      /^(?:\S{1,80} \S{1,80}: )?Listen queue size is greater than the system max net\.core\.somaxconn \((?<queueLength>\d{1,9})\)/,
    certain: true,
    sample: 'Listen queue size is greater than the system max net.core.somaxconn (128).',
  },
  {
    signal: 'uwsgi.reload',
    pattern:
      /^(?:\.\.\.gracefully killing workers\.\.\.|binary reloading uWSGI\.\.\.|\.\.\.brutally killing workers\.\.\.)/,
    certain: true,
    sample: '...gracefully killing workers...',
  },
  {
    signal: 'app.stop',
    pattern: /^(?:SIGINT\/SIG(?:TERM|QUIT) received\.\.\.killing workers|goodbye to uWSGI\.)/,
    certain: true,
    sample: 'SIGINT/SIGTERM received...killing workers...',
  },
  {
    signal: 'app.start',
    pattern: /^\*\*\* Starting uWSGI \d/,
    certain: true,
    sample: '*** Starting uWSGI 2.0.21-debian (64bit) on [Fri Nov 20 16:17:04 2026] ***',
  },
];

/** The rest of what it prints as it starts or breaks: known, and told nobody. */
const CHATTER =
  /^(?: ?\*\*\*|(?:gracefully )?\(?(?:RE|Re|re)?\)?spawned uWSGI |HARAKIRI |WSGI app \d|chdir\(\) to |compiled with version|os: |nodename: |machine: |clock source: |pcre |detected |found fd |running \/|current working directory|writing pidfile|uWSGI (?:running as|process|http bound|worker \d)|SIGPIPE: writing to a closed |uwsgi_response_\w{1,60}\(\): |(?:OS|IO)Error: write error$|your |lock engine|thunder lock|uwsgi(?: socket \d|\()|Python |python |mapped \d|setgid|setuid|set |added |dropping |limiting |worker |workers |working |The work of process|Gracefully killing|killing |unlink|closing all|probably another instance|!!! |threads support|- |\/\S{1,300}\(.{0,200}\) \[0x)/;

/** Whether a line is one of uWSGI's that mean nothing here. */
export function isChatter(text: string): boolean {
  return CHATTER.test(text);
}
