import type { SignalId } from '../../vocabulary/signals.ts';

/** A message of the kernel. Named groups become values; `process` the subject. First match wins. */
export interface KernelMessage {
  readonly signal: SignalId;
  readonly pattern: RegExp;
  /** Text that must be in the line before the pattern is tried. */
  readonly word: string;
  readonly sample: string;
}

/**
 * Source: mm/oom_kill.c, arch/x86/mm/fault.c, traps.c, nf_conntrack_core.c, tcp_input.c, block layer, LSM audit; of FreeBSD
 * vm/vm_pageout.c, vm/swap_pager.c, kern/kern_sig.c, uipc_socket.c, kern_descrip.c, kern_fork.c, ufs/ffs/ffs_alloc.c, netpfil/pf.
 */
export const KERNEL_MESSAGES: readonly KernelMessage[] = [
  {
    signal: 'kernel.oom-kill',
    word: 'ill',
    pattern:
      /(?:^|: )(?<scope>Memory cgroup o|O)ut of [mM]emory(?: \([\w ]{1,60}\))?: Kill(?:ed)? process (?<pid>\d{1,10}) \((?<process>[^)]{0,64})\)(?:.{0,80}anon-rss:(?<anonRssKb>\d{1,15})kB)?/,
    sample:
      'Out of memory: Killed process 23979 (php-fpm8.2) total-vm:1622385kB, anon-rss:1362385kB, file-rss:7027kB, shmem-rss:5213kB, UID:33 pgtables:3065kB oom_score_adj:0',
  },
  {
    signal: 'kernel.oom-kill',
    word: 'Killed process',
    pattern: /^Killed process (?<pid>\d{1,10}) \((?<process>[^)]{0,64})\)(?:.{0,80}anon-rss:(?<anonRssKb>\d{1,15})kB)?/,
    sample: 'Killed process 780 (cloudflared) total-vm:7263636kB, anon-rss:6113508kB, file-rss:0kB, shmem-rss:0kB',
  },
  {
    // dump_oom_summary(), since Linux 5.0: the line above the kill's own, which says how much memory it was.
    signal: 'kernel.oom-kill',
    word: 'oom-kill:constraint=',
    pattern:
      /^oom-kill:constraint=CONSTRAINT_(?<scope>\w{1,20}),.{0,2000},task=(?<process>[^,]{1,64}),pid=(?<pid>\d{1,10}),uid=-?\d{1,10}$/,
    sample:
      'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/docker/3f6d1b5ad292,task=gunicorn,pid=23979,uid=33',
  },
  {
    // FreeBSD.
    signal: 'kernel.oom-kill',
    word: 'was killed: ',
    pattern:
      /^pid (?<pid>\d{1,10}) \((?<process>[^)]{1,64})\)(?:, (?:jid|uid) \d{1,10}){0,2}, was killed: (?:out of swap space|failed to reclaim memory|a thread waited too long to allocate a page)/,
    sample: 'pid 49901 (httpd), jid 0, uid 80, was killed: failed to reclaim memory',
  },
  {
    signal: 'kernel.oom-invoked',
    word: 'invoked oom-killer',
    pattern: /^(?<process>\S{1,64}(?: \S{1,64})?) invoked oom-killer/,
    sample:
      'php-fpm8.2 invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0',
  },
  {
    signal: 'kernel.segfault',
    word: 'segfault at',
    pattern: /^(?<process>[^[]{1,64})\[(?<pid>\d{1,10})\]: segfault at (?:.{0,120}? in (?<library>[^[\s]{1,200}))?/,
    sample:
      'php-fpm8.2[23982]: segfault at 8 ip 0000fe198460bd58 sp 00007ff89ddf061d error 4 in php-fpm8.2[55d320f3065a+2f1000]',
  },
  {
    // FreeBSD; its numbers: 4 illegal instruction, 6 abort, 8 arithmetic, 10 bus error, 11 segmentation fault.
    signal: 'kernel.segfault',
    word: 'exited on signal ',
    pattern:
      /^pid (?<pid>\d{1,10}) \((?<process>[^)]{1,64})\)(?:, (?:jid|uid) \d{1,10}){0,2}: exited on signal (?<signalNumber>4|6|8|10|11)\b/,
    sample: 'pid 23982 (php-fpm), jid 0, uid 80: exited on signal 11 (no core dump - bad address)',
  },
  {
    signal: 'kernel.trap',
    word: 'traps: ',
    pattern:
      /^traps: (?<process>[^[]{1,64})\[(?<pid>\d{1,10})\] (?<trap>general protection|trap [\w ]{1,30}?|divide error|invalid opcode|stack segment)(?: fault)? (?:.{0,160}? in (?<library>[^[\s]{1,200}))?/,
    sample: 'traps: php5-fpm[17997] general protection ip:6a8a90 sp:7fff95752d48 error:0 in php5-fpm[400000+75b000]',
  },
  {
    signal: 'kernel.conntrack-full',
    word: 'table full',
    pattern:
      /conntrack: (?:nf_conntrack: )?table full(?: in netns \d{1,12})?, dropping packet|ip_conntrack: table full/,
    sample: 'nf_conntrack: nf_conntrack: table full, dropping packet',
  },
  {
    signal: 'kernel.conntrack-full',
    word: 'PF states limit reached',
    pattern: /^\[zone: pf states\] PF states limit reached/,
    sample: '[zone: pf states] PF states limit reached',
  },
  {
    // FreeBSD, of a unix socket: what its program does not accept.
    signal: 'kernel.socket-overflow',
    word: 'Listen queue overflow: ',
    pattern: /^sonewconn: pcb \S{1,40} \(local:(?<socket>[^)]{1,200})\): Listen queue overflow: /,
    sample:
      'sonewconn: pcb 0xfffff8013c5d6a00 (local:/var/run/php-fpm.sock): Listen queue overflow: 193 already in queue awaiting acceptance (15 occurrences)',
  },
  {
    signal: 'kernel.listen-overflow',
    word: 'Listen queue overflow: ',
    pattern: /^sonewconn: pcb \S{1,40}(?: \(\S{0,60}?:(?<port>\d{1,5}) [^)]{0,40}\)?\))?: Listen queue overflow: /,
    sample:
      'sonewconn: pcb 0xfffff804083a3d58 (0.0.0.0:443 (proto 6)): Listen queue overflow: 193 already in queue awaiting acceptance (34 occurrences)',
  },
  {
    signal: 'kernel.syn-flood',
    word: 'SYN flooding',
    pattern: /SYN flooding on port (?:\S{1,60}:)?(?<port>\d{1,5})\b/,
    sample: 'TCP: request_sock_TCP: Possible SYN flooding on port 0.0.0.0:443. Sending cookies.',
  },
  {
    signal: 'kernel.out-of-sockets',
    word: 'o',
    pattern: /^(?:TCP: )?(?:[Oo]ut of (?:socket )?memory(?! ?:)(?: --|$|\.| )|too many (?:of )?orphaned sockets)/,
    sample: 'TCP: out of memory -- consider tuning tcp_mem',
  },
  {
    signal: 'kernel.out-of-sockets',
    word: 'limit reached',
    pattern: /^(?:\[zone: \S{1,20}\] )?kern\.ipc\.(?:maxsockets|nmbclusters|nmbjumbop) limit reached/,
    sample: '[zone: socket] kern.ipc.maxsockets limit reached',
  },
  {
    signal: 'kernel.disk-full',
    word: 'filesystem full',
    pattern: /^pid \d{1,10} \([^)]{1,64}\)[^:]{0,300}: filesystem full/,
    sample: 'pid 4711 (mysqld), uid 88 inumber 1234 on /: filesystem full',
  },
  {
    signal: 'kernel.disk-full',
    word: '',
    pattern: /No space left on device|with error 28\b|error -28\b/,
    sample:
      'EXT4-fs (vda1): Delayed block allocation failed for inode 131 at logical offset 0 with max blocks 1 with error 28',
  },
  {
    signal: 'kernel.io-error',
    word: '',
    pattern:
      /I\/O error|EXT4-fs error|Remounting filesystem read-only|XFS \(\S{1,30}\): (?:Corruption|metadata I\/O)|Medium Error|blk_update_request: critical/i,
    sample: 'Buffer I/O error on dev vda1, logical block 1, lost async page write',
  },
  {
    signal: 'host.access-noted',
    word: '',
    pattern: /avc: {1,4}denied .{0,1000}permissive=1|apparmor="ALLOWED"/,
    sample:
      'audit: type=1400 audit(1795163440.275:88): avc:  denied  { name_connect } for  pid=812 comm="nginx" dest=3000 scontext=system_u:system_r:httpd_t:s0 tcontext=system_u:object_r:ntop_port_t:s0 tclass=tcp_socket permissive=1',
  },
  {
    // AppArmor: whatever is no connection; snaps have such lines from each start.
    signal: 'host.access-denied-other',
    word: '',
    pattern:
      /apparmor="DENIED" operation="(?!(?:connect|create|bind|listen|accept|sendmsg|recvmsg)")(?<operation>\w{1,40})"(?!.{0,200}? name="[^"]{0,200}\.sock")(?:.{0,200}?comm="(?<process>[^"]{1,64})")?/,
    sample:
      'audit: type=1400 audit(1795163440.275:88): apparmor="DENIED" operation="exec" profile="snap.nextcloud.mysql" name="/bin/systemctl" pid=1310 comm="mysql.server" requested_mask="x" denied_mask="x" fsuid=0 ouid=0',
  },
  {
    signal: 'host.access-denied',
    word: '',
    pattern:
      /avc: {1,4}denied {1,4}\{ (?<operation>[\w ]{1,60}?) \}(?:.{0,200}?comm="(?<process>[^"]{1,64})")?(?:.{0,200}? dest=(?<port>\d{1,5}))?|apparmor="DENIED" operation="(?<denied>\w{1,40})"(?:.{0,200}?comm="(?<command>[^"]{1,64})")?/,
    sample:
      'audit: type=1400 audit(1795163440.275:88): avc:  denied  { name_connect } for  pid=812 comm="nginx" dest=3000 scontext=system_u:system_r:httpd_t:s0 tcontext=system_u:object_r:ntop_port_t:s0 tclass=tcp_socket permissive=0',
  },
  {
    signal: 'kernel.hung-task',
    word: 'blocked for more than',
    pattern:
      /INFO: task (?<process>[^:]{1,64}):(?<pid>\d{1,10}) blocked for more than (?<blockedSeconds>\d{1,6}) seconds/,
    sample: 'INFO: task mysqld:812 blocked for more than 120 seconds.',
  },
  {
    signal: 'kernel.too-many-files',
    word: 'file-max',
    pattern: /^VFS: file-max limit (?<limit>\d{1,12}) reached/,
    sample: 'VFS: file-max limit 65536 reached',
  },
  {
    signal: 'kernel.too-many-files',
    word: 'maxfiles limit exceeded',
    pattern: /^kern\.maxfiles limit exceeded by uid \d/,
    sample: 'kern.maxfiles limit exceeded by uid 80, please see tuning(7).',
  },
  {
    signal: 'kernel.pids-limit',
    word: 'maxproc limit exceeded',
    pattern: /^maxproc limit exceeded by uid \d/,
    sample: 'maxproc limit exceeded by uid 80 (pid 812); see tuning(7) and login.conf(5)',
  },
  {
    signal: 'kernel.pids-limit',
    word: 'fork rejected',
    pattern: /^cgroup: fork rejected by pids controller in (?<cgroup>\S{1,300})/,
    sample: 'cgroup: fork rejected by pids controller in /system.slice/php8.2-fpm.service',
  },
  {
    signal: 'kernel.link-down',
    word: 'own',
    pattern: /\b(?<device>(?:eth|en|ens|eno|bond|wl)\w{0,14})\b.{0,40}Link is [Dd]own/,
    sample: 'e1000e 0000:00:1f.6 eth0: NIC Link is Down',
  },
  {
    signal: 'host.boot',
    word: 'Linux version',
    pattern: /^Linux version \d/,
    sample: 'Linux version 6.1.0-18-amd64 (debian)',
  },
];
