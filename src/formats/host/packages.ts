import type { Stamp } from '../../vocabulary/records.ts';
import { parseIso } from '../stamps.ts';

/** Package changes: dpkg.log, apt's history.log, dnf's log. Stamps are the host's wall clock. */

const DPKG =
  /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (startup|install|upgrade|remove|purge|configure|trigproc|status|conffile) (.{0,500})/;
const CHANGES: ReadonlySet<string> = new Set(['install', 'upgrade', 'remove', 'purge']);
const HISTORY =
  /^(Start-Date|Commandline|Requested-By|Install|Upgrade|Remove|Purge|Downgrade|Reinstall|Error|End-Date): (.{0,2000})/;
const DNF =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d{4})) (?:INFO|SUBDEBUG) (Installed|Upgraded?|Erase|Removed): (\S{1,200})/;

/** A line of a package log: `packages` is empty for chatter. */
export interface PackageLine {
  readonly stamp: Stamp;
  readonly action: string;
  readonly packages: readonly string[];
}

/** Reads the three logs; apt's history dates its entries by a line of their own. */
export class PackageLines {
  private since: Stamp = { kind: 'none' };

  /** Null where the line is of none of these logs. */
  read(text: string): PackageLine | null {
    const dpkg = DPKG.exec(text);
    if (dpkg?.[1] !== undefined && dpkg[2] !== undefined) {
      const named = (dpkg[3] ?? '').split(' ', 1)[0] ?? '';
      return {
        stamp: parseIso(dpkg[1]) ?? { kind: 'none' },
        action: dpkg[2],
        packages: CHANGES.has(dpkg[2]) ? [named.replace(/:\w+$/, '')] : [],
      };
    }
    const dnf = DNF.exec(text);
    if (dnf?.[1] !== undefined && dnf[2] !== undefined) {
      return { stamp: parseIso(dnf[1]) ?? { kind: 'none' }, action: dnf[2].toLowerCase(), packages: [dnf[3] ?? ''] };
    }
    const history = HISTORY.exec(text);
    if (history?.[1] === undefined) return null;
    const value = history[2] ?? '';
    if (history[1] === 'Start-Date') this.since = parseIso(value.replace(/ {1,4}/, ' ').trim()) ?? { kind: 'none' };
    const isChange = /^(?:Install|Upgrade|Remove|Purge|Downgrade|Reinstall)$/.test(history[1]);
    // `name:arch (old, new), name2:arch (…)`
    const packages = isChange ? [...value.matchAll(/(?:^|\), )([\w.+-]{1,100})/g)].map((match) => match[1] ?? '') : [];
    return { stamp: this.since, action: history[1].toLowerCase(), packages };
  }
}
