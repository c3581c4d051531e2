import { declareSignals } from './signal.ts';

/**
 * What systemd and the kernel say. `subject` of the record names the unit or the process; `values.role` says what the unit
 * is (`proxy`, `fpm`, `app`, `db`, `cache`, `tunnel`), from the table in formats/host/units.ts.
 */
export const HOST_SIGNALS = declareSignals({
  'unit.starting': {
    hop: 'host',
    role: 'context',
    says: 'systemd begins to start the service.',
    source: 'systemd job messages',
  },
  'unit.started': {
    hop: 'host',
    role: 'context',
    says: 'systemd says that the service is up.',
    source: 'systemd job messages',
  },
  'unit.stopping': {
    hop: 'host',
    role: 'process',
    says: 'systemd was told to stop the service.',
    source: 'systemd job messages',
  },
  'unit.stopped': {
    hop: 'host',
    role: 'process',
    says: 'systemd says that the service is down.',
    source: 'systemd job messages',
  },
  'unit.reloaded': {
    hop: 'host',
    role: 'context',
    says: 'systemd reloaded the service.',
    source: 'systemd job messages',
  },
  'unit.exited': {
    hop: 'host',
    role: 'process',
    says: 'The service’s main process exited with an error.',
    source: 'systemd service_sigchld_event',
  },
  'unit.killed': {
    hop: 'host',
    role: 'process',
    says: 'The service’s main process was killed by a signal.',
    source: 'systemd service_sigchld_event',
  },
  'unit.failed': {
    hop: 'host',
    role: 'process',
    says: 'systemd marks the service as failed.',
    source: 'systemd unit_log_failure',
  },
  'unit.start-failed': {
    hop: 'host',
    role: 'process',
    says: 'systemd could not start the service.',
    source: 'systemd job messages',
  },
  'unit.oom-killed': {
    hop: 'host',
    role: 'process',
    says: 'A process of the service was killed for lack of memory.',
    source: 'systemd service_notify_cgroup_oom_event',
  },
  'unit.restart-scheduled': {
    hop: 'host',
    role: 'process',
    says: 'systemd schedules a restart after the service ended by itself.',
    source: 'systemd service_enter_restart',
  },
  'unit.start-limit': {
    hop: 'host',
    role: 'process',
    says: 'The service failed so often that systemd gave up starting it.',
    source: 'systemd unit start limit',
  },
  'unit.chatter': { hop: 'host', role: 'noise', says: 'An ordinary line of systemd, cron or sshd.', source: 'systemd' },
  'kernel.oom-kill': {
    hop: 'host',
    role: 'process',
    says: 'The kernel killed a process because memory ran out.',
    source: 'mm/oom_kill.c',
  },
  'kernel.oom-invoked': {
    hop: 'host',
    role: 'process',
    says: 'The kernel looks for a process to kill because memory ran out.',
    source: 'mm/oom_kill.c',
  },
  'kernel.segfault': {
    hop: 'host',
    role: 'process',
    says: 'A process crashed on an invalid memory access.',
    source: 'arch/x86/mm/fault.c show_signal_msg',
  },
  'kernel.trap': {
    hop: 'host',
    role: 'process',
    says: 'A process crashed on a CPU exception.',
    source: 'arch/x86/kernel/traps.c',
  },
  'kernel.packet-dropped': {
    hop: 'host',
    role: 'process',
    says: 'A firewall rule of this host dropped or rejected a packet from Cloudflare’s addresses.',
    source: 'netfilter LOG target; ranges: cloudflare.com/ips',
  },
  'kernel.packet-dropped-other': {
    hop: 'host',
    role: 'noise',
    says: 'A firewall rule of this host dropped a packet from an address that is not Cloudflare’s.',
    source: 'netfilter LOG target',
  },
  'kernel.conntrack-full': {
    hop: 'host',
    role: 'process',
    says: 'The kernel’s connection table is full; it drops new connections.',
    source: 'nf_conntrack_core.c',
  },
  'kernel.syn-flood': {
    hop: 'host',
    role: 'process',
    says: 'The kernel sees more new connections on a port than its queue holds.',
    source: 'tcp_input.c tcp_syn_flood_action',
  },
  'kernel.out-of-sockets': {
    hop: 'host',
    role: 'process',
    says: 'The kernel ran out of socket memory.',
    source: 'tcp.c',
  },
  'kernel.disk-full': {
    hop: 'host',
    role: 'process',
    says: 'A write failed because no space is left.',
    source: 'ENOSPC',
  },
  'kernel.io-error': { hop: 'host', role: 'process', says: 'The disk reports errors.', source: 'block layer' },
  'host.access-denied': {
    hop: 'host',
    role: 'process',
    says: 'SELinux or AppArmor denied an access.',
    source: 'audit subsystem AVC, apparmor',
  },
  'host.ban': {
    hop: 'host',
    role: 'process',
    says: 'fail2ban banned an address of Cloudflare.',
    source: 'fail2ban actions; ranges: cloudflare.com/ips',
  },
  'host.ban-other': {
    hop: 'host',
    role: 'noise',
    says: 'fail2ban banned an address that is not Cloudflare’s.',
    source: 'fail2ban actions',
  },
  'host.package-upgrade': {
    hop: 'host',
    role: 'context',
    says: 'A package was installed or upgraded.',
    source: 'dpkg, apt',
  },
  'db.start': {
    hop: 'dependency',
    role: 'context',
    says: 'The database says that it is ready.',
    source: 'mysqld, postgres',
  },
  'db.stop': {
    hop: 'dependency',
    role: 'process',
    says: 'The database says that it shuts down.',
    source: 'mysqld, postgres',
  },
  'db.crash': { hop: 'dependency', role: 'process', says: 'The database crashed.', source: 'mysqld, postgres' },
  'db.too-many': {
    hop: 'dependency',
    role: 'process',
    says: 'The database refuses clients: all connections are taken.',
    source: 'mysqld ER_CON_COUNT_ERROR, postgres',
  },
  'db.disk-full': {
    hop: 'dependency',
    role: 'process',
    says: 'The database cannot write: no space is left.',
    source: 'mysqld, postgres',
  },
  'db.aborted-connection': {
    hop: 'dependency',
    role: 'noise',
    says: 'The database notes a connection that its client gave up.',
    source: 'mysqld',
  },
});
