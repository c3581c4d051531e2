import type { DocumentFormat } from '../format.ts';

/** What only these files hold: the settings that cloudflared ran with, its system, its traces of the way, the tasks of `diag`. */
const MARKS: readonly RegExp[] = [
  /"(?:ingress|warp-routing)"\s{0,20}:/,
  /"(?:originCertPath|logfile|log-directory|uid)"\s{0,20}:\s{0,20}"[^"]{0,400}"[\s\S]{0,2000}"(?:uid|tunnel|metrics|no-autoupdate|protocol)"\s{0,20}:/,
  /"(?:memoryMaximum|fileDescriptorMaximum|cloudflaredVersion)"\s{0,20}:/,
  /"region[12]\.v2\.argotunnel\.com|^traceroute to region[12]\.v2\.argotunnel\.com/m,
  /"(?:tunnel state|cloudflared logs|raw network|system information)"\s{0,20}:/i,
];

/**
 * The members of a `cloudflared tunnel diag` zip that tell nothing of requests. Its log, its connections and its metrics have
 * formats of their own.
 */
export const tunnelDiag: DocumentFormat = {
  id: 'cloudflared-diag',
  title: 'Settings and system in the zip of cloudflared tunnel diag',
  hop: 'tunnel',
  shape: 'document',
  foundAt: [
    'configuration.json, cli-configuration.json, systeminformation.json, network.json, raw-network.txt and task-result.json in the zip of cloudflared tunnel diag',
  ],
  limits: ['Known and not read: they describe a machine and its settings, at a time that they do not write.'],
  examples: () => [
    {
      input:
        '{"memoryMaximum":16335016,"memoryCurrent":9335016,"fileDescriptorMaximum":524288,"cloudflaredVersion":"2026.3.0"}',
      shows: 'systeminformation.json',
      records: [],
    },
    {
      input:
        '{"version":3,"config":{"ingress":[{"hostname":"app.example.com","service":"http://localhost:8080"},{"service":"http_status:404"}],"warp-routing":{"enabled":false}}}',
      shows: 'configuration.json',
      records: [],
    },
  ],
  scoreHead: (head) =>
    /^\uFEFF?\s{0,200}(?:[[{]|traceroute to )/.test(head) && MARKS.some((mark) => mark.test(head.slice(0, 20_000)))
      ? 0.6
      : 0,
  read: () => ({ notUnderstood: 0 }),
};
