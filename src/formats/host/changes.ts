import type { ClueRecord } from '../../vocabulary/records.ts';
import { entryFields, present } from '../entry.ts';
import type { Emit, Line, LineFormat, LineParser } from '../format.ts';
import { CertbotLines, isCertbot } from './certbot.ts';
import { CHANGES_EXAMPLES } from './changes-examples.ts';
import { PackageLines } from './packages.ts';
import { roleOfProgram } from './units.ts';

/*
 * Logs of what was changed on a host: packages and certificates. They blame nobody; they date what came before a burst.
 */

class ChangesParser implements LineParser {
  private readonly emit: Emit;
  private readonly packages = new PackageLines();
  private readonly certbot = new CertbotLines();

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    if (line.wrapper?.program !== undefined) return false;
    const change = this.packages.read(line.text);
    if (change !== null) {
      for (const name of change.packages) {
        const values = present({ action: change.action, role: roleOfProgram(name) ?? undefined });
        this.say(line, { signal: 'host.package-upgrade', stamp: change.stamp, subject: name, values });
      }
      return true;
    }
    const said = this.certbot.read(line.text);
    if (said !== null && said.signal !== null) {
      const { certificate, ...values } = said.values;
      this.say(line, { signal: said.signal, stamp: said.stamp, subject: certificate ?? 'certbot', values });
    }
    return said !== null;
  }

  end(): void {}

  private say(line: Line, clue: Pick<ClueRecord, 'signal' | 'stamp' | 'subject' | 'values'>): void {
    const { stamp, ...rest } = clue;
    this.emit({ kind: 'clue', hop: 'host', ...rest, ...entryFields(line, stamp) });
  }
}

/** What was changed on a host: packages, certificates. */
export const changes: LineFormat = {
  shape: 'lines',
  id: 'changes',
  title: 'Logs of changes (packages, certificates)',
  hop: 'host',
  foundAt: [
    '/var/log/dpkg.log',
    '/var/log/apt/history.log',
    '/var/log/unattended-upgrades/',
    '/var/log/dnf.log (dnf.rpm.log, yum.log, pacman.log)',
    '/var/log/letsencrypt/letsencrypt.log',
    'docker logs of Nginx Proxy Manager',
  ],
  limits: [
    'They say what changed and when, not what it did.',
    'A service that was restarted afterwards stands in the journal.',
  ],
  examples: CHANGES_EXAMPLES,
  score: ({ wrapper, text }) =>
    wrapper?.program === undefined && (PackageLines.begins(text) || isCertbot(text)) ? 0.9 : 0,
  open: (emit) => new ChangesParser(emit),
};
