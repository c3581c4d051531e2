import { type ClueRecord, NO_STAMP } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { DocumentFormat, Emit } from '../format.ts';
import { parseJson } from '../parse-json.ts';
import { momentMs } from './moment.ts';
import { JsonRow, type Row } from './row.ts';

/** `Frankfurt, Germany - (FRA)`: how the page names data centres. */
const COLO = /\(([A-Z]{3,4})\)\s{0,8}$/;
const COLO_IN_TEXT = /\(([A-Z]{3,4})\)/g;
const MOST_COLOS = 40;
const LONGEST_TEXT = 300;

/**
 * What Cloudflare’s status page said (Statuspage API version 2: summary, incidents, scheduled-maintenances, components). No log:
 * its entries carry no stamp, and the times that they speak of stand in their values (`startMs`, `endMs`).
 */
export const cloudflareStatus: DocumentFormat = {
  id: 'cloudflare-status',
  title: 'Cloudflare status page (JSON)',
  hop: 'edge',
  shape: 'document',
  foundAt: [
    'curl -s https://www.cloudflarestatus.com/api/v2/incidents.json',
    'curl -s https://www.cloudflarestatus.com/api/v2/summary.json',
  ],
  limits: [
    'Incidents are written by people, often minutes after the beginning; small faults never get there.',
    'An incident counts for the edge only where its time, and its data centre or service, are those of the failures.',
    'That a data centre is re-routed does not show that requests failed there.',
  ],
  examples: () => [
    {
      input:
        '{"page":{"id":"yh6f0r4529hb","name":"Cloudflare","url":"https://www.cloudflarestatus.com","time_zone":"Etc/UTC"},"incidents":[{"id":"a1","name":"Elevated 5xx errors in Frankfurt","status":"resolved","impact":"minor","created_at":"2026-03-04T09:12:00.000Z","resolved_at":"2026-03-04T10:02:00.000Z","incident_updates":[],"components":[{"id":"c1","name":"Frankfurt, Germany - (FRA)","status":"operational"}]}]}',
      shows: 'an incident of one data centre, with its beginning and end',
      records: [
        {
          kind: 'clue',
          hop: 'edge',
          signal: 'status.incident',
          stamp: NO_STAMP,
          subject: 'Elevated 5xx errors in Frankfurt',
          values: {
            startMs: Date.UTC(2026, 2, 4, 9, 12),
            endMs: Date.UTC(2026, 2, 4, 10, 2),
            impact: 'minor',
            status: 'resolved',
            colos: 'FRA',
            components: 'Frankfurt, Germany - (FRA)',
          },
        },
      ],
    },
    {
      input:
        '{"page":{"name":"Cloudflare","url":"https://www.cloudflarestatus.com"},"components":[{"name":"Hong Kong - (HKG)","status":"partial_outage","updated_at":"2026-06-18T11:00:00Z"},{"name":"API","status":"operational"}],"scheduled_maintenances":[{"name":"MAD (Madrid) on 2026-06-19","status":"scheduled","impact":"maintenance","scheduled_for":"2026-06-19T00:00:00Z","scheduled_until":"2026-06-19T06:00:00Z","components":[{"name":"Madrid, Spain - (MAD)"}]}]}',
      shows: 'a data centre that is re-routed, and a maintenance',
      records: [
        { signal: 'status.maintenance', values: { colos: 'MAD', startMs: Date.UTC(2026, 5, 19) } },
        {
          signal: 'status.component',
          subject: 'Hong Kong - (HKG)',
          values: { colos: 'HKG', status: 'partial_outage' },
        },
      ],
    },
  ],
  scoreHead: (head) =>
    /^\uFEFF?\s{0,1000}\{/.test(head) &&
    /"(?:incidents|components|scheduled_maintenances)"\s{0,20}:\s{0,20}\[/.test(head) &&
    /cloudflarestatus\.com|"page_id"\s{0,20}:\s{0,20}"yh6f0r4529hb"|"name"\s{0,20}:\s{0,20}"Cloudflare"/.test(head)
      ? 0.95
      : 0,
  read: (text, emit) => {
    const value = parseJson(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return { notUnderstood: 1 };
    const page = new JsonRow(Object.fromEntries(Object.entries(value)));
    let line = 0;
    const told: Emit = (record) => emit({ ...record, line: ++line });
    for (const incident of page.rows('incidents')) told(incidentClue(incident, 'status.incident'));
    for (const work of page.rows('scheduled_maintenances')) told(incidentClue(work, 'status.maintenance'));
    for (const component of page.rows('components')) {
      const status = component.text('status') ?? 'operational';
      if (status !== 'operational') told(componentClue(component, status));
    }
    return { notUnderstood: 0 };
  },
};

function incidentClue(incident: Row, signal: SignalId): ClueRecord {
  const components = [
    ...incident.rows('components'),
    ...incident.rows('incident_updates').flatMap((update) => update.rows('affected_components')),
  ].flatMap((component) => component.text('name') ?? []);
  const name = incident.text('name') ?? '';
  const words = [name, ...incident.rows('incident_updates').flatMap((update) => update.text('body') ?? [])].join(' ');
  const startMs =
    momentMs(incident.get('scheduled_for')) ??
    momentMs(incident.get('started_at')) ??
    momentMs(incident.get('created_at'));
  const endMs = momentMs(incident.get('scheduled_until')) ?? momentMs(incident.get('resolved_at'));
  return clue(signal, name, {
    startMs,
    endMs,
    impact: incident.text('impact'),
    status: incident.text('status'),
    colos: colosOf(components, words),
    components: [...new Set(components)].join('; ').slice(0, LONGEST_TEXT) || undefined,
  });
}

function componentClue(component: Row, status: string): ClueRecord {
  const name = component.text('name') ?? '';
  return clue('status.component', name, {
    atMs: momentMs(component.get('updated_at')),
    status,
    colos: colosOf([name], ''),
  });
}

/** Codes of the data centres that the components are, or that a text names in brackets. */
function colosOf(components: readonly string[], words: string): string | undefined {
  const named = [
    ...components.flatMap((name) => COLO.exec(name)?.[1] ?? []),
    ...[...words.slice(0, 20_000).matchAll(COLO_IN_TEXT)].flatMap((match) => match[1] ?? []),
  ];
  return [...new Set(named)].slice(0, MOST_COLOS).join(',') || undefined;
}

function clue(
  signal: SignalId,
  subject: string,
  told: Readonly<Record<string, string | number | undefined>>,
): ClueRecord {
  const { startMs, endMs } = told;
  const iso = (ms: unknown): string => (typeof ms === 'number' ? new Date(ms).toISOString() : '?');
  const span = signal === 'status.component' ? '' : ` from ${iso(startMs)} to ${iso(endMs)}`;
  const values: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(told)) if (value !== undefined) values[name] = value;
  return {
    kind: 'clue',
    hop: 'edge',
    signal,
    line: 1,
    stamp: NO_STAMP,
    text: `${subject.slice(0, LONGEST_TEXT)}${span}${told.impact === undefined ? '' : `, impact ${told.impact}`}${told.components === undefined ? '' : `: ${told.components}`}`,
    subject: subject.slice(0, LONGEST_TEXT),
    values,
  };
}
