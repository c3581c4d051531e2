import { remembered } from '../remembered.ts';

/** What a unit, a process or a program is on a request's way. */
export type Role = 'proxy' | 'fpm' | 'app' | 'db' | 'cache' | 'tunnel' | 'other';

const MOST_PROGRAMS = 200;

/** Names without path, version, instance and unit ending; first match wins. Add a service here, nowhere else. */
const NAMES: readonly (readonly [Role, RegExp])[] = [
  // What watches or copies a service is not the service.
  ['other', /[-_](?:exporter|backup|dump|cleanup|healthcheck|logrotate)$|^(?:mysqldump|pg_dump|mysqlcheck|mydumper)/],
  // Packages and panels put their own marks around it: rh-php73-php-fpm, ea-php81-php-fpm, plesk-php81-fpm, php74rc-fpm.
  ['fpm', /^(?:[a-z]{2,6}[-_])?(?:php[\d.-]*(?:rc)?-?)(?:php[-_])?_?fpm|^lsphp\d*(?:\.bin)?$/],
  [
    'proxy',
    /^(?:nginx|openresty|tengine|angie|apache2?(?:ctl)?|(?:httpd\d{2}-)?httpd|caddy|haproxy|traefik|lighttpd|lsws|lshttpd|openlitespeed|envoy|varnishd?(?!ncsa|log)|litespeed|h2o|hitch|tengine)\b/,
  ],
  ['tunnel', /^(?:cloudflared|argo-tunnel|warp-svc)/],
  [
    'db',
    /^(?:mysql|mariadb|percona|postgres|postmaster|pgbouncer|patroni|mongo[ds]\b|mongodb$|cockroach|mssql|oracle|cassandra|clickhouse|proxysql|galera|garbd)/,
  ],
  ['cache', /^(?:redis|valkey|keydb|dragonfly|memcached)/],
  [
    'other',
    /^(?:systemd|user(?:@|-runtime|$)|session(?:-\d|$)|init(?:$|\.scope)|dbus|cron|crond|anacron|atd?$|sshd?\b|sftp|sudo|su$|login$|getty|serial-getty|agetty|pam|polkit|rsyslog|syslog|logrotate|journal(?!$)|phpsessionclean|snapd?\b|snap[-.]|apt|dpkg|aptd|packagekit|unattended|needrestart|update-|ubuntu-|esm-|motd|man-db|mlocate|plocate|updatedb|dnf|yum|rhsm|certbot|acme|letsencrypt|dehydrated|network(?:ing|d|-online|-pre|$)|NetworkManager|resolvconf|dhc|ifup|wpa_|wg-quick|openvpn|ufw|firewalld|nftables|iptables|ip6tables|netfilter|fail2ban|lfd$|crowdsec|sshguard|auditd?\b|apparmor|selinux|setroubleshoot|chrony|ntp|timesync|udev|udisks|upower|accounts-daemon|ModemManager|multipath|lvm|dm-|mdadm|mdmonitor|smart|fstrim|e2scrub|xfs_|btrfs|quota(?:on|rpc|check)?$|thermald|irqbalance|tuned|acpid|sysstat|sa1|plymouth|keyboard-setup|console-(?:setup|getty|shell)|kmod|modprobe|blk-|cloud-(?:init|config|final)|amazon-ssm|google-|walinuxagent|waagent|qemu-guest|vmtoolsd|open-vm|hv_|droplet|do-agent|node_exporter|.*[-_]exporter|prometheus|grafana|loki$|telegraf|zabbix|datadog|dd-agent|newrelic|netdata|munin|monit$|collectd|nagios|nrpe|icinga|filebeat|metricbeat|promtail|vector$|fluent|td-agent|awslogs|amazon-cloudwatch|wazuh|ossec|clam|freshclam|rkhunter|postfix|exim|sendmail|dovecot|opendkim|opendmarc|spamd|spamassassin|rspamd|bind9|named$|unbound|dnsmasq|avahi|cups|bluetooth|rtkit|colord|geoclue|whoopsie|apport|kerneloops|rpc(?:bind|-)|nfs|autofs|smbd|nmbd|winbind|sssd|nscd|nslcd|slapd|vsftpd|proftpd|pure-ftpd|rsync|xinetd|inetd|bacula|borg|restic|duplicity|backup|tmp[.-]|initrd|emergency\.|rescue\.|ldconfig|kdump|abrt|mcelog|rngd|haveged|gpm|lm[-_]sensors|lxc(?:fs|-net|$)|lxd|dockerd$|containerd(?:-shim.*)?$|kubelet$|crio$|libvirt|virtlog|virtlock|qemu|multi-user|graphical\.|remote-fs|local-fs|basic\.|sysinit|timers\.|sockets\.|paths\.|slices\.|swap\.|dev-|proc-|sys-|run-|mnt-|boot-|-\.|kernel$|CROND?|anacron|run-parts|pacman|flatpak|fwupd|bolt$|gdm|lightdm|sddm|Xorg|gnome-|kde-|pulseaudio|pipewire)/i,
  ],
];

/** Descriptions that older systemd prints in place of the unit's name. */
const DESCRIPTIONS: readonly (readonly [Role, RegExp])[] = [
  ['fpm', /FastCGI Process Manager|PHP-?FPM/i],
  ['db', /database server|MySQL|MariaDB|PostgreSQL|MongoDB|Percona/i],
  ['cache', /redis|valkey|memcached|key-value (?:store|database)/i],
  ['tunnel', /cloudflared|cloudflare tunnel|argo tunnel/i],
  [
    'proxy',
    /nginx|apache http|web server|reverse proxy|haproxy|load balancer|caddy|traefik|lighttpd|varnish|openresty/i,
  ],
  [
    'app',
    /\b(?:api|app|apps|application|backend|frontend|worker|gunicorn|uwsgi|uvicorn|node|node\.js|nodejs|django|flask|rails|puma|unicorn|sidekiq|celery|java|tomcat|jetty|spring|wildfly|dotnet|kestrel|\.net|laravel|docker|containerd|podman)\b/i,
  ],
];

/** Unit endings that are no service: their lines are never about a process that serves. */
const NOT_A_SERVICE = /\.(?:timer|socket|mount|automount|slice|scope|target|path|device|swap)$/;

/** `nginx.service` → `nginx`, `php-fpm@www.service` → `php-fpm`, `/usr/sbin/nginx` → `nginx`. */
function plainName(name: string): string {
  const base = name.slice(name.lastIndexOf('/') + 1);
  return base.replace(/\.service$/, '').replace(/@.*$/, '');
}

/** Role of a systemd unit by its name; a service that nobody knows is the application. */
export function roleOfUnit(unit: string): Role {
  if (NOT_A_SERVICE.test(unit)) return 'other';
  return knownRole(plainName(unit)) ?? 'app';
}

/** Role of a program or process by its name; null for a name that nobody knows. Each line of a journal is asked for it several times. */
export const roleOfProgram: (program: string) => Role | null = remembered(
  (program) => knownRole(plainName(program)),
  MOST_PROGRAMS,
);

/** Role by the description that stands in place of a unit's name; `other` where it tells nothing. */
export function roleOfDescription(description: string): Role {
  for (const [role, pattern] of DESCRIPTIONS) if (pattern.test(description)) return role;
  return 'other';
}

function knownRole(name: string): Role | null {
  for (const [role, pattern] of NAMES) if (pattern.test(name)) return role;
  return null;
}

/** Programs whose lines another format reads (nginx, PHP-FPM, cloudflared, gunicorn, databases …). */
export function hasOwnFormat(program: string): boolean {
  const role = roleOfProgram(program);
  return role === 'proxy' || role === 'fpm' || role === 'tunnel' || role === 'db' || role === 'cache';
}
