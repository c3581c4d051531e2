import type { Stamp } from '../../vocabulary/records.ts';
import { parseIso } from '../stamps.ts';
import { roleOfProgram } from './units.ts';

/*
 * Package changes: dpkg.log, apt's history.log and term.log, unattended-upgrades.log, dnf.log, yum.log, pacman.log. Stamps are the host's wall
 * clock. Measured with dpkg 1.21 and apt 2.6 (docs/neighbours.md); those of dnf, yum and pacman
 * from their own documentation and source.
 */

const DPKG =
  /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (startup|install|upgrade|remove|purge|configure|trigproc|status|conffile) (.{0,500})/;
const CHANGES: ReadonlySet<string> = new Set(['install', 'upgrade', 'remove', 'purge']);
const INSTALLED = /^installed (\S{1,200}) /;
/** Lines of apt begin a run with a date; the others mean something only within one. */
const RUN_BEGINS = /^(?:Start-Date|Log started): (\d{4}-\d\d-\d\d) {1,4}(\d\d:\d\d:\d\d)$/;
const RUN_ENDS = /^(?:End-Date|Log ended): /;
const HISTORY =
  /^(?:Commandline|Requested-By|Error|Comment|(Install|Upgrade|Remove|Purge|Downgrade|Reinstall)): (.{0,8000})/;
const SETTING_UP = /^Setting up ([\w.+-]{1,100})(?::\w{1,20})? \(/;
/** dnf.log and dnf.rpm.log; they write the offset without a colon. */
const DNF =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d{4})) (?:INFO|SUBDEBUG) (Installed|Upgraded?|Erase|Removed): (\S{1,200})/;
/** yum.log of CentOS 7 and older; the unwrapper has taken off its stamp, which is like syslog's. */
const YUM = /^(Installed|Updated|Erased): (?:\d{1,4}:)?(\S{1,200}\.(?:noarch|x86_64|aarch64|i[36]86|ppc64le|s390x))$/;
/** pacman.log. */
const ALPM =
  /^\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4})\] \[ALPM\] (installed|upgraded|downgraded|reinstalled|removed) ([\w@.+-]{1,100}) \(/;
const UNATTENDED =
  /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),\d{3} (?:DEBUG|INFO|WARNING|ERROR) (?:Packages that (?:will be|are) upgraded: (.{0,8000})|(?:Starting unattended upgrades|Allowed origins are|Initial (?:black|white)list|Checking if (?:system is running on battery|connection is metered)|Writing dpkg log to|All upgrades installed|No packages found that can be upgraded|Package \S{1,100} (?:is kept back|has)|Packages that (?:were|are) (?:successfully )?auto-removed|Removing unused kernel|Cache has broken|Unattended-upgrade|Found \S{1,200}, but not rebooting|There is no blacklisted))/;

/** A line of a package log: `packages` is empty for chatter. */
export interface PackageLine {
  readonly stamp: Stamp;
  readonly action: string;
  /** Names without architecture; one of each role on a request's way and one of no role, however many a line names. */
  readonly packages: readonly string[];
}

const NO_STAMP: Stamp = { kind: 'none' };

/** Reads these logs; apt dates its lines by one of their own. */
export class PackageLines {
  private since: Stamp | null = null;
  /** dpkg wrote what it did, not only how it ended: then `status installed` is the echo of it. */
  private isWhole = false;

  /** Whether the line begins an entry of such a log by itself. */
  static begins(text: string): boolean {
    return (
      DPKG.test(text) ||
      RUN_BEGINS.test(text) ||
      DNF.test(text) ||
      ALPM.test(text) ||
      YUM.test(text) ||
      UNATTENDED.test(text)
    );
  }

  /** Null where the line is of none of these logs. */
  read(text: string): PackageLine | null {
    const dpkg = DPKG.exec(text);
    if (dpkg?.[1] !== undefined && dpkg[2] !== undefined) return this.dpkg(dpkg[1], dpkg[2], dpkg[3] ?? '');
    const dnf = DNF.exec(text);
    if (dnf?.[1] !== undefined && dnf[2] !== undefined) return line(dnf[1], dnf[2].toLowerCase(), [dnf[3] ?? '']);
    const alpm = ALPM.exec(text);
    if (alpm?.[1] !== undefined && alpm[2] !== undefined) return line(alpm[1], alpm[2], [alpm[3] ?? '']);
    const yum = YUM.exec(text);
    if (yum?.[1] !== undefined) return line('', yum[1].toLowerCase(), [yum[2] ?? '']);
    const unattended = UNATTENDED.exec(text);
    if (unattended?.[1] !== undefined) {
      return line(unattended[1], 'upgrade', unattended[2]?.split(' ').filter((name) => name !== '') ?? []);
    }
    const begin = RUN_BEGINS.exec(text);
    if (begin !== null) this.since = parseIso(`${begin[1]} ${begin[2]}`) ?? NO_STAMP;
    return this.since === null ? null : this.apt(text, this.since);
  }

  private dpkg(time: string, word: string, rest: string): PackageLine {
    if (word !== 'status' && word !== 'conffile') this.isWhole = true;
    if (CHANGES.has(word)) return line(time, word, [rest.split(' ', 1)[0] ?? '']);
    const installed = word === 'status' && !this.isWhole ? INSTALLED.exec(rest)?.[1] : undefined;
    return line(time, installed === undefined ? word : 'install', installed === undefined ? [] : [installed]);
  }

  /** Within a run of apt every line is its own: of term.log, what the packages' scripts print. */
  private apt(text: string, stamp: Stamp): PackageLine {
    if (RUN_ENDS.test(text)) this.since = null;
    const history = HISTORY.exec(text);
    if (history?.[1] !== undefined) {
      // `name:arch (old, new), name2:arch (…)`
      const named = [...(history[2] ?? '').matchAll(/(?:^|\), )([\w.+-]{1,100})/g)].map((match) => match[1] ?? '');
      return { stamp, action: history[1].toLowerCase(), packages: tellingOf(named) };
    }
    const installed = SETTING_UP.exec(text)?.[1];
    return { stamp, action: 'install', packages: installed === undefined ? [] : [installed] };
  }
}

function line(time: string, action: string, names: readonly string[]): PackageLine {
  return { stamp: parseIso(time) ?? NO_STAMP, action, packages: tellingOf(names) };
}

function tellingOf(names: readonly string[]): string[] {
  const byRole = new Map<string, string>();
  for (const name of names) {
    const plain = name.replace(/:\w+$/, '');
    const role = roleOfProgram(plain) ?? '';
    if (plain !== '' && !byRole.has(role)) byRole.set(role, plain);
  }
  return [...byRole.values()];
}
