import type { Example } from '../format.ts';

/** Lines of the kernel and what becomes of them. */
export const KERNEL_EXAMPLES = (): readonly Example[] => [
  {
    input:
      'Feb 11 22:55:06 web-01 kernel: Out of memory: Killed process 23979 (php-fpm8.2) total-vm:1622385kB, anon-rss:1362385kB, file-rss:7027kB, shmem-rss:5213kB, UID:33 pgtables:3065kB oom_score_adj:0',
    shows: 'an OOM kill',
    records: [
      {
        kind: 'clue',
        hop: 'host',
        signal: 'kernel.oom-kill',
        subject: 'php-fpm8.2',
        connection: '23979',
        server: 'web-01',
        values: { pid: 23979, anonRssKb: 1362385, role: 'fpm' },
      },
    ],
  },
  {
    input: 'Feb 11 22:55:06 web-01 kernel: Out of Memory: Killed process 2592 (mysqld).',
    shows: 'the same of Linux 2.6',
    records: [{ signal: 'kernel.oom-kill', subject: 'mysqld' }],
  },
  {
    input: [
      '[Fri May 10 20:02:06 2019] Out of memory: Kill process 780 (cloudflared) score 361 or sacrifice child',
      '[Fri May 10 20:02:06 2019] Killed process 780 (cloudflared) total-vm:7263636kB, anon-rss:6113508kB, file-rss:0kB, shmem-rss:0kB',
    ].join('\n'),
    shows: 'older kernels write one kill in two lines',
    records: [
      {
        signal: 'kernel.oom-kill',
        subject: 'cloudflared',
        stamp: { kind: 'local', ms: Date.UTC(2019, 4, 10, 20, 2, 6) },
        values: { role: 'tunnel' },
      },
    ],
  },
  {
    input: [
      'Jul 10 22:05:17 api kernel: [159805.364253] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/docker/3f6d,task_memcg=/docker/3f6d,task=gunicorn,pid=1306,uid=33',
      'Jul 10 22:05:17 api kernel: [159805.364300] Memory cgroup out of memory: Killed process 1306 (gunicorn) total-vm:2622385kB, anon-rss:512385kB, file-rss:0kB, shmem-rss:0kB, UID:33 pgtables:3065kB oom_score_adj:0',
      'Jul 10 22:06:17 api kernel: [159865.364253] oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/docker/3f6d,task=node,pid=1307,uid=33',
    ].join('\n'),
    shows: 'newer kernels write a summary above, and grep may leave nothing else',
    records: [
      {
        signal: 'kernel.oom-kill',
        subject: 'gunicorn',
        line: 2,
        values: { limitedBy: 'cgroup', pid: 1306, anonRssKb: 512385 },
      },
      { signal: 'kernel.oom-kill', subject: 'node', line: 3, values: { pid: 1307 } },
    ],
  },
  {
    input:
      '[  123.456789] Memory cgroup out of memory: Killed process 812 (node) total-vm:2622385kB, anon-rss:512385kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:3065kB oom_score_adj:0',
    shows: 'a container that reached its own limit, dmesg without dates',
    records: [{ signal: 'kernel.oom-kill', subject: 'node', stamp: { kind: 'none' }, values: { limitedBy: 'cgroup' } }],
  },
  {
    input:
      'May  2 11:33:49 web01 kernel: [148522.291772] php5-fpm[37887]: segfault at 2c ip 00000000006fbc7a sp 00007fffd9773590 error 4 in php5-fpm[400000+800000]',
    shows: 'a crash, with the kernel’s own clock',
    records: [
      {
        signal: 'kernel.segfault',
        subject: 'php5-fpm',
        connection: '37887',
        values: { library: 'php5-fpm', role: 'fpm' },
      },
    ],
  },
  {
    input: 'traps: php5-fpm[17997] general protection ip:6a8a90 sp:7fff95752d48 error:0 in php5-fpm[400000+75b000]',
    shows: 'a crash, pasted without head',
    records: [
      { signal: 'kernel.trap', subject: 'php5-fpm', values: { trap: 'general protection', library: 'php5-fpm' } },
    ],
  },
  {
    input: [
      'Aug 21 10:18:31 web-01 kernel: [788622.257300] [UFW BLOCK] IN=eth0 OUT= MAC=52:54 SRC=172.68.50.43 DST=203.0.113.24 LEN=60 TOS=0x00 PREC=0x00 TTL=55 ID=1955 DF PROTO=TCP SPT=36815 DPT=443 WINDOW=65535 RES=0x00 SYN URGP=0',
      'Aug 21 10:18:32 web-01 kernel: [788622.357300] [UFW BLOCK] IN=eth0 OUT= MAC=52:54 SRC=198.51.100.9 DST=203.0.113.24 LEN=60 PROTO=TCP SPT=36815 DPT=22 WINDOW=65535 RES=0x00 SYN URGP=0',
      'Aug 21 10:18:33 web-01 kernel: [788622.457300] [UFW ALLOW] IN=eth0 OUT= MAC=52:54 SRC=172.68.50.43 DST=203.0.113.24 LEN=60 PROTO=TCP SPT=36815 DPT=443 WINDOW=65535 RES=0x00 SYN URGP=0',
      'Aug 21 10:18:34 web-01 kernel: [788622.557300] iptables denied: IN= OUT=eth0 SRC=203.0.113.24 DST=198.41.192.7 LEN=60 PROTO=UDP SPT=36815 DPT=7844 LEN=40',
      'Aug 21 10:18:35 web-01 kernel: [788623.557300] [UFW BLOCK] IN=eth0 OUT= MAC=52:54 SRC=172.68.50.43 DST=203.0.113.24 LEN=40 TOS=0x00 PREC=0x00 TTL=64 ID=0 DF PROTO=TCP SPT=48330 DPT=443 WINDOW=0 RES=0x00 ACK RST URGP=0',
      'Aug 21 10:18:36 web-01 kernel: [788624.557300] [UFW BLOCK] IN=eth0 OUT= MAC=52:54 SRC=172.68.50.43 DST=203.0.113.24 LEN=60 PROTO=TCP SPT=48330 DPT=22 WINDOW=65535 RES=0x00 SYN URGP=0',
      'Aug 21 10:18:37 web-01 kernel: [788625.557300] OUT-DROP IN= OUT=eth0 SRC=203.0.113.24 DST=172.68.50.43 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=0 DF PROTO=TCP SPT=443 DPT=48330 WINDOW=65160 RES=0x00 ACK SYN URGP=0',
      'Aug 21 10:18:38 web-01 kernel: [788626.557300] DROP443IN=eth0 OUT= MAC=52:54 SRC=2400:cb00:0071:1024:0000:0000:a29e:0001 DST=2001:0db8:0000:0000:0000:0000:0000:0024 LEN=80 TC=0 HOPLIMIT=64 FLOWLBL=774166 PROTO=TCP SPT=46580 DPT=443 WINDOW=64800 RES=0x00 SYN URGP=0',
    ].join('\n'),
    shows:
      'a firewall that blocks Cloudflare, one that blocks a scanner, a rule that lets through, the way to the edge blocked, a late packet, another port, an answer of its own, a prefix without a blank',
    records: [
      {
        signal: 'kernel.packet-dropped',
        subject: 'UFW BLOCK',
        client: '172.68.50.43',
        values: { port: 443, protocol: 'TCP', direction: 'in' },
      },
      { signal: 'kernel.packet-dropped-other', client: '198.51.100.9' },
      { signal: 'unit.chatter' },
      { signal: 'kernel.packet-dropped-tunnel', subject: 'iptables denied', values: { port: 7844, direction: 'out' } },
      { signal: 'kernel.packet-stray', client: '172.68.50.43' },
      { signal: 'kernel.packet-dropped-other', values: { port: 22 } },
      { signal: 'kernel.packet-dropped-out', client: '172.68.50.43', values: { port: 48330, direction: 'out' } },
      { signal: 'kernel.packet-dropped', subject: 'DROP443', values: { port: 443, direction: 'in' } },
    ],
  },
  {
    input: [
      'Nov 20 08:19:33 web01 kernel: TCP: request_sock_TCP: Possible SYN flooding on port 443. Sending cookies.  Check SNMP counters.',
      'Nov 20 08:19:33 web01 kernel: nf_conntrack: nf_conntrack: table full, dropping packet',
      'Nov 20 08:19:33 web01 kernel: device eth0 entered promiscuous mode',
    ].join('\n'),
    shows: 'limits of the network stack; anything else',
    records: [
      { signal: 'kernel.syn-flood', values: { port: 443 } },
      { signal: 'kernel.conntrack-full' },
      { signal: 'unit.chatter', values: { role: 'other' } },
    ],
  },
  {
    input: [
      'type=AVC msg=audit(1795163440.275:88): avc:  denied  { name_connect } for  pid=812 comm="nginx" dest=3000 scontext=system_u:system_r:httpd_t:s0 tcontext=system_u:object_r:ntop_port_t:s0 tclass=tcp_socket permissive=0',
      'type=AVC msg=audit(1795163441.275:89): avc:  denied  { name_connect } for  pid=812 comm="nginx" dest=3000 scontext=system_u:system_r:httpd_t:s0 tcontext=system_u:object_r:ntop_port_t:s0 tclass=tcp_socket permissive=1',
      'type=USER_AVC msg=audit(1795163442.275:90): pid=1 uid=0 auid=4294967295 ses=4294967295 subj=system_u:system_r:init_t:s0 msg=\'avc:  denied  { start } for auid=n/a uid=0 gid=0 path="/usr/lib/systemd/system/nginx.service" scontext=system_u:system_r:zabbix_t:s0 tclass=service permissive=0  exe="/usr/lib/systemd/systemd"\'',
      'type=SYSCALL msg=audit(1795163440.275:88): arch=c000003e syscall=42 success=no exit=-13 comm="nginx" exe="/usr/sbin/nginx"',
    ].join('\n'),
    shows:
      'SELinux, from audit.log: refused, only noted, an access of another kind, the call that belongs to the first',
    records: [
      {
        signal: 'host.access-denied',
        subject: 'nginx',
        stamp: { kind: 'utc', ms: 1795163440275 },
        values: { operation: 'name_connect', port: 3000, role: 'proxy' },
      },
      { signal: 'host.access-noted' },
      { signal: 'host.access-denied', values: { operation: 'start' } },
      { signal: 'unit.chatter' },
    ],
  },
  {
    input: [
      'Nov 20 08:19:33 web01 audit[812]: AVC avc:  denied  { name_connect } for  pid=812 comm="httpd" dest=8080 scontext=system_u:system_r:httpd_t:s0 tclass=tcp_socket permissive=0',
      'Nov 20 08:19:34 web01 kernel: audit: type=1400 audit(1795162774.275:91): apparmor="DENIED" operation="connect" class="net" profile="php-fpm" name="/run/mysqld/mysqld.sock" pid=900 comm="php-fpm8.2" requested_mask="wr" denied_mask="wr" fsuid=33 ouid=110',
    ].join('\n'),
    shows: 'SELinux and AppArmor in the journal',
    records: [
      { signal: 'host.access-denied', subject: 'httpd', server: 'web01', values: { port: 8080, role: 'proxy' } },
      {
        signal: 'host.access-denied',
        subject: 'php-fpm8.2',
        stamp: { kind: 'utc', ms: 1_795_162_774_275 },
        values: { operation: 'connect', role: 'fpm' },
      },
    ],
  },
  {
    input: [
      'type=SERVICE_STOP msg=audit(1795163440.275:92): pid=1 uid=0 auid=4294967295 ses=4294967295 subj=system_u:system_r:init_t:s0 msg=\'unit=nginx comm="systemd" exe="/usr/lib/systemd/systemd" hostname=? addr=? terminal=? res=success\'',
      'type=ANOM_ABEND msg=audit(1795163441.275:93): auid=4294967295 uid=48 gid=48 ses=4294967295 pid=900 comm="php-fpm" exe="/usr/sbin/php-fpm" sig=11 res=1',
    ].join('\n'),
    shows: 'audit.log: a service that was stopped, a crash',
    records: [
      { signal: 'unit.stopped', subject: 'nginx.service', values: { role: 'proxy' } },
      { signal: 'kernel.segfault', subject: 'php-fpm', connection: '900', values: { signalNumber: 11, role: 'fpm' } },
    ],
  },
];
