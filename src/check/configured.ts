import type { DocumentFormat } from '../formats/format.ts';
import { haproxyFormatsIn } from '../formats/proxy/haproxy-format.ts';
import { logFormatsIn } from '../formats/proxy/log-format.ts';
import { nginxConf } from '../formats/proxy/nginx-conf.ts';
import { percentFormatsIn } from '../formats/proxy/percent-format.ts';
import { apacheConf, caddyfile, haproxyConf } from '../formats/proxy/server-conf.ts';
import { seenInApache } from './apache-configured.ts';
import { seenInCaddyfile } from './caddy-configured.ts';
import { seenInHaproxy } from './haproxy-configured.ts';
import { seenInNginx } from './nginx-configured.ts';
import type { NamedFormat } from './remedy.ts';
import type { ConfigurationFile, Seen } from './seen.ts';

/** How the configurations of one server are read. */
export interface Configured {
  /** By which document they are known. */
  readonly document: DocumentFormat;
  /** The formats of rows that it declares. */
  readonly declared: (text: string) => readonly NamedFormat[];
  /** What they say of their logs, file by file: what one leaves open another may say. */
  readonly seen: (files: readonly ConfigurationFile[]) => readonly (readonly Seen[])[];
}

export const CONFIGURED: readonly Configured[] = [
  { document: nginxConf, declared: logFormatsIn, seen: (files) => files.map(seenInNginx) },
  { document: apacheConf, declared: percentFormatsIn, seen: seenInApache },
  {
    document: haproxyConf,
    declared: (text) => haproxyFormatsIn(text).map((format) => ({ name: '', format })),
    seen: (files) => files.map(seenInHaproxy),
  },
  { document: caddyfile, declared: () => [], seen: (files) => files.map(seenInCaddyfile) },
];
