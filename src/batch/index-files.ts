import { join } from 'node:path';
import { csvTable, momentCell } from '../report/csv.ts';
import { safeJson } from '../report/json.ts';
import type { ReportFormat } from '../report/render.ts';
import { RULESET, TOOL_NAME, TOOL_VERSION } from '../vocabulary/tool.ts';
import { writeChanged } from './atomic.ts';
import type { Entry } from './entry.ts';
import { renderIndexPage } from './index-page.ts';
import { type Summary, summarize } from './summary.ts';

/** Writes the index of incidents: `index.html`, `index.csv`, `index.json`. */
export async function writeIndex(
  folder: string,
  entries: readonly Entry[],
  formats: readonly ReportFormat[],
): Promise<void> {
  const summary = summarize(entries);
  await writeChanged(join(folder, 'index.json'), renderIndexJson(summary));
  await writeChanged(join(folder, 'index.csv'), await renderIndexCsv(summary));
  await writeChanged(join(folder, 'index.html'), renderIndexPage(summary, formats));
}

/** The index as JSON: two spaces, equal bytes for equal incidents. */
function renderIndexJson(summary: Summary): string {
  const tool = { name: TOOL_NAME, version: TOOL_VERSION, ruleset: RULESET };
  return safeJson({ schemaVersion: 1, tool, ...summary });
}

const COLUMNS = [
  'name',
  'place',
  'place_confidence',
  'cause',
  'confidence',
  'word',
  'title',
  'start_utc',
  'end_utc',
  'duration_seconds',
  'failed',
  'counted',
  'bursts',
  'hosts',
  'bound_to',
  'files',
  'bytes',
  'same_as',
  'problems',
  'folder',
];

/** One row per incident. */
function renderIndexCsv({ incidents }: Summary): Promise<string> {
  return csvTable(
    COLUMNS,
    incidents.map((incident) => [
      incident.name,
      incident.verdict?.place,
      incident.verdict?.placeConfidence,
      incident.verdict?.cause,
      incident.verdict?.confidence,
      incident.verdict?.word,
      incident.verdict?.title,
      momentCell(incident.start),
      momentCell(incident.end),
      incident.durationMs === null ? null : incident.durationMs / 1000,
      incident.failed,
      incident.counted,
      incident.bursts.length,
      incident.hosts.map(({ host }) => host).join(' '),
      [...new Set(incident.bursts.flatMap(({ traces }) => traces.map(({ kind, value }) => `${kind}:${value}`)))].join(
        ' ',
      ),
      incident.files,
      incident.bytes,
      incident.sameAs,
      incident.problems.join('; '),
      `incidents/${incident.folder}`,
    ]),
  );
}
