import type { Cause } from '../cause.ts';
import { counted } from '../texts.ts';

export const earlyHints504: Cause = {
  id: 'early-hints-504',
  title: 'Cache look-ups of Early Hints, no visitor saw them',
  place: 'none',
  hop: 'edge',
  broader: [],
  aliases: ['noise-early-hints'],
  explains: ['gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'edge.early-hints-504', weight: 'decisive', why: 'the row’s source is the Early Hints cache' },
    { signal: 'derived.origin-fine-meanwhile', weight: 'weak', why: 'the origin answered everybody' },
    { signal: 'edge.origin-answered-5xx', weight: 'strong', against: true, why: 'the origin answered errors itself' },
    { signal: 'edge.504-no-origin', weight: 'strong', against: true, why: 'visitors’ own requests failed as well' },
  ],
  summary: (facts) =>
    `The rows with 504${facts.failed === 0 ? '' : ` (${counted(facts.failed)})`} are Cloudflare’s own cache look-ups for Early Hints (ClientRequestSource earlyHintsCache). A look-up that finds nothing is written as 504; the visitor’s own request is another row and was answered. Nothing is wrong.`,
  missing: [],
  fix: [
    {
      text: 'Leave these rows out of error counts and alarms.',
      config: "ClientRequestSource != 'earlyHintsCache'",
      risk: 'None: the visitors’ own rows stay in the counts.',
    },
  ],
  avoid: [
    'Searching the origin for these 504s: it was never asked.',
    'Switching Early Hints off only because of the rows: pages become slower for nothing.',
  ],
  verify: ['Without these rows the share of 5xx is at its usual level.'],
  prevent: ['Filter by ClientRequestSource in every dashboard built on the raw log.'],
  difficulty: 'easy',
  sources: ['Cloudflare docs: Logpush FAQ (504 with origin status 0)', 'Cloudflare docs: Early Hints'],
};
