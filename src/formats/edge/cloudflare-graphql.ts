import type { DocumentFormat, Emit } from '../format.ts';
import { parseJson } from '../parse-json.ts';
import { firewallClue } from './firewall-clue.ts';
import { momentMs } from './moment.ts';
import { requestRecord } from './request-record.ts';
import { JsonRow } from './row.ts';

type Members = Readonly<Record<string, unknown>>;

/** Dimensions of the groups by the column that a row of Logpush has for the same thing. */
const COLUMNS: Readonly<Record<string, string>> = {
  edgeResponseStatus: 'EdgeResponseStatus',
  originResponseStatus: 'OriginResponseStatus',
  coloCode: 'EdgeColoCode',
  clientRequestHTTPHost: 'ClientRequestHost',
  clientRequestHTTPMethodName: 'ClientRequestMethod',
  clientRequestHTTPMethod: 'ClientRequestMethod',
  clientRequestPath: 'ClientRequestPath',
  requestSource: 'ClientRequestSource',
  cacheStatus: 'CacheCacheStatus',
  originIP: 'OriginIP',
  clientIP: 'ClientIP',
  userAgent: 'ClientRequestUserAgent',
};
/** The times of a group, the finest first: all are beginnings. `datetime` is what the query's data set makes of it. */
const TIMES: readonly (readonly [name: string, lastsMs: number | null])[] = [
  ['datetime', null],
  ['datetimeMinute', 60_000],
  ['datetimeFiveMinutes', 300_000],
  ['datetimeFifteenMinutes', 900_000],
  ['datetimeHour', 3_600_000],
  ['date', 86_400_000],
];
/** The requests of a group are laid evenly over the seconds of its time, those of all groups of a list on so many places. */
const PLACE_MS = 1000;
const MOST_PLACES = 300_000;
const FEWEST_PLACES = 6;
const DEEPEST = 12;

/**
 * Answers of Cloudflare's GraphQL Analytics: counts of requests by status and other dimensions, and security events. Queries
 * name their answers as they like, so groups are told by their `dimensions`, events by their action and source.
 */
export const cloudflareGraphql: DocumentFormat = {
  id: 'cloudflare-graphql',
  title: 'Cloudflare GraphQL Analytics (JSON)',
  hop: 'edge',
  shape: 'document',
  foundAt: [
    'the answer of https://api.cloudflare.com/client/v4/graphql (httpRequestsAdaptiveGroups, httpRequests1mGroups)',
  ],
  limits: [
    'Counts, no single requests: no Ray IDs. Requests are taken to lie evenly over the minute or hour of their group.',
    'Adaptive data is sampled: counts are estimates.',
    'Only with the dimension originResponseStatus do they tell who made a status.',
  ],
  examples: () => [
    {
      input:
        '{"data":{"viewer":{"zones":[{"httpRequestsAdaptiveGroups":[{"count":3,"avg":{"sampleInterval":10},"dimensions":{"datetimeMinute":"2026-03-04T09:12:00Z","edgeResponseStatus":502,"originResponseStatus":502,"clientRequestHTTPHost":"www.example.com","clientRequestPath":"/cart","coloCode":"FRA","requestSource":"eyeball"}}]}]}},"errors":null}',
      shows: 'the requests of a minute that the origin answered with 502',
      records: [
        {
          kind: 'request',
          hop: 'edge',
          status: 502,
          originStatus: 502,
          signal: 'edge.origin-answered-5xx',
          stamp: { kind: 'utc', ms: Date.UTC(2026, 2, 4, 9, 12), offsetMinutes: 0 },
          host: 'www.example.com',
          path: '/cart',
          colo: 'FRA',
        },
        ...[20, 40].map((second) => ({
          status: 502,
          stamp: { kind: 'utc', ms: Date.UTC(2026, 2, 4, 9, 12, second), offsetMinutes: 0 } as const,
        })),
      ],
    },
    {
      input: [
        '{"data":{"viewer":{"zones":[{"byHour":[',
        ' {"dimensions":{"datetime":"2026-08-23T09:00:00Z"},"sum":{"requests":100,"responseStatusMap":[{"edgeResponseStatus":200,"requests":95},{"edgeResponseStatus":500,"requests":5}]}}',
        ']}]}}}',
      ].join('\n'),
      shows: 'an hour’s requests by status, under a name of the query’s own',
      records: [
        { status: 200, weight: 95 },
        { status: 500, weight: 5, signal: 'edge.5xx-origin-unknown' },
      ],
    },
    {
      input:
        '{"data":{"viewer":{"zones":[{"firewallEventsAdaptive":[{"action":"block","clientIP":"203.0.113.69","clientRequestPath":"/login","datetime":"2026-04-24T10:11:24Z","rayName":"58913c2a4f2b1c3d","ruleId":"100001","source":"waf"}]}]}}}',
      shows: 'a security event',
      records: [{ kind: 'clue', signal: 'firewall.block', ray: '58913c2a4f2b1c3d', path: '/login', subject: 'waf' }],
    },
  ],
  scoreHead: (head) =>
    /^\uFEFF?\s{0,1000}\{/.test(head) &&
    /"data"\s{0,20}:\s{0,20}\{\s{0,20}"viewer"\s{0,20}:/.test(head) &&
    /"(?:zones|accounts)"\s{0,20}:/.test(head)
      ? 0.97
      : 0,
  read: (text, emit) => {
    const value = parseJson(text);
    if (value === undefined) return { notUnderstood: 1, warning: 'The answer is cut or no JSON; fetch it again.' };
    const reader = new AnswerReader(emit);
    reader.look(value, 0);
    const errors = isObject(value) && Array.isArray(value.errors) ? value.errors.length : 0;
    return {
      notUnderstood: reader.notUnderstood,
      ...(errors > 0 && {
        warning: `The answer tells of ${errors} ${errors === 1 ? 'error' : 'errors'} in the query.`,
      }),
    };
  },
};

class AnswerReader {
  notUnderstood = 0;
  private entry = 0;
  private mostPlaces = FEWEST_PLACES;
  private readonly emit: Emit;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  /** Looks for groups and events, however the query has named them. */
  look(value: unknown, depth: number): void {
    if (depth > DEEPEST) return;
    if (Array.isArray(value)) {
      const groups = value.filter(isGroup);
      const stepMs = stepOf(groups);
      this.mostPlaces = Math.max(FEWEST_PLACES, Math.floor(MOST_PLACES / Math.max(1, groups.length)));
      for (const group of groups) this.group(group, stepMs);
      for (const item of value) if (!isGroup(item)) this.look(item, depth + 1);
    } else if (isObject(value)) {
      if (typeof value.action === 'string' && ('source' in value || 'ruleId' in value)) this.event(value);
      else for (const inner of Object.values(value)) this.look(inner, depth + 1);
    }
  }

  private event(event: Members): void {
    this.emit(firewallClue(new JsonRow(event), ++this.entry, JSON.stringify(event)));
  }

  private group({ sum, count, dimensions }: Group, stepMs: number): void {
    const sums = isObject(sum) ? sum : {};
    const statuses = Array.isArray(sums.responseStatusMap) ? sums.responseStatusMap.filter(isObject) : [];
    if (statuses.length === 0) this.count(dimensions, Number(count ?? sums.requests), stepMs);
    for (const { edgeResponseStatus, requests } of statuses)
      this.count({ ...dimensions, edgeResponseStatus }, Number(requests), stepMs);
  }

  /** Requests that share their dimensions; those without a status, or none at all, tell nothing. */
  private count(dimensions: Members, requests: number, stepMs: number): void {
    const row: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(dimensions)) {
      const column = COLUMNS[name];
      if (column !== undefined) row[column] = value;
    }
    const [name, lastsMs] = TIMES.find(([time]) => typeof dimensions[time] === 'string') ?? ['', 0];
    const beginMs = momentMs(name === 'date' ? `${dimensions.date}T00:00:00Z` : dimensions[name]);
    const record = requests >= 1 ? requestRecord(new JsonRow(row), this.entry + 1) : null;
    if (record === null) {
      this.notUnderstood++;
      return;
    }
    this.entry++;
    const text = `${record.text} requests=${requests}`;
    for (const [weight, offsetMs] of places(Math.round(requests), lastsMs ?? stepMs, this.mostPlaces)) {
      this.emit({
        ...record,
        text,
        ...(weight > 1 && { weight }),
        ...(beginMs !== undefined && { stamp: { kind: 'utc', ms: beginMs + offsetMs, offsetMinutes: 0 } }),
      });
    }
  }
}

type Group = Members & { readonly dimensions: Members };

function isGroup(value: unknown): value is Group {
  return isObject(value) && isObject(value.dimensions);
}

/** The shortest time between two groups of a list: what `datetime` counts by there. 0 where it counts seconds, or once. */
function stepOf(groups: readonly Group[]): number {
  const times = [...new Set(groups.flatMap(({ dimensions }) => momentMs(dimensions.datetime) ?? []))].sort(
    (a, b) => a - b,
  );
  const steps = times.slice(1).map((ms, i) => ms - (times[i] ?? ms));
  const shortest = Math.min(...steps.slice(0, 10_000), Number.POSITIVE_INFINITY);
  return Number.isFinite(shortest) && shortest >= 60_000 ? shortest : 0;
}

/** How many requests lie where in the time of their group. */
function* places(
  requests: number,
  lastsMs: number,
  most: number,
): Generator<readonly [weight: number, offsetMs: number]> {
  const count = Math.max(1, Math.min(requests, most, Math.floor(lastsMs / PLACE_MS)));
  for (let i = 0; i < count; i++) {
    const weight = Math.floor(((i + 1) * requests) / count) - Math.floor((i * requests) / count);
    yield [weight, Math.floor((i * lastsMs) / count)];
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
