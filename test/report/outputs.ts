import { renderBurstsCsv, renderEvidenceCsv, renderRequestsCsv } from '../../src/report/csv.ts';
import { renderHtml } from '../../src/report/html/page.ts';
import { renderJson } from '../../src/report/json.ts';
import { renderLadder } from '../../src/report/ladder.ts';
import { renderMarkdown } from '../../src/report/markdown/page.ts';
import { renderPacket } from '../../src/report/packet.ts';
import { renderSummary } from '../../src/report/picture/summary.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import type { Result } from '../../src/result/schema.ts';

type Render = (result: Result) => string | Promise<string>;

/** Every output that is drawn from a result. */
export const OUTPUTS: readonly (readonly [string, Render])[] = [
  ['html', renderHtml],
  ['picture', renderSummary],
  ['markdown', renderMarkdown],
  ['json', renderJson],
  ['csv of bursts', renderBurstsCsv],
  ['csv of requests', renderRequestsCsv],
  ['csv of evidence', renderEvidenceCsv],
  ['terminal', (result) => renderTerminal(result, { columns: 80, color: false })],
  ['ladders', (result) => renderLadder(result, [...result.requests.keys()], { columns: 80, color: false })],
  ...(['hosting', 'cloudflare', 'application'] as const).map((addressee): readonly [string, Render] => [
    `packet ${addressee}`,
    (result) => renderPacket(result, addressee),
  ]),
];
