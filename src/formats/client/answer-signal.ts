import type { SignalId } from '../../vocabulary/signals.ts';
import { CODES_1XXX, type PageReading, REFUSAL_PAGE, readPage } from './pages.ts';

/** An answer as a client saw it. */
export interface Answer {
  readonly status: number;
  /** Names in lower case; repeated headers joined by a comma. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** The headers of an answer that was shown without any: whoever shows it does so because the site is behind Cloudflare. */
export const THROUGH_CLOUDFLARE: ReadonlyMap<string, string> = new Map([['server', 'cloudflare']]);

/** The headers of an answer as far as they were shown. */
export const shownHeaders = (headers: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  headers.size > 0 ? headers : THROUGH_CLOUDFLARE;

/** Statuses that Cloudflare alone writes: they name the stage by themselves. */
const EDGE_CODES: Readonly<Record<number, SignalId>> = {
  520: 'edge.520',
  521: 'edge.521',
  522: 'edge.522-connect',
  523: 'edge.523',
  524: 'edge.524',
  525: 'edge.525',
  526: 'edge.526',
  527: 'edge.527',
  530: 'edge.530',
};
/** A 522 after this time is one of the acknowledgement timer (reference 2.5). */
const ACK_TIMER_MS = 60_000;

/**
 * Who made a failing answer, by its page and headers (reference: cloudflare-exports 3.3). Undefined for answers below
 * 400 and for refusals other than 403 and 429.
 */
export function answerSignal(answer: Answer, durationMs?: number): SignalId | undefined {
  const { status, headers } = answer;
  if (status === 0) return 'har.status-0';
  const refused = status === 403 || status === 429;
  if (status < 400) return undefined;
  const page = readPage(answer.body);
  const byCode = page.kind === 'code' ? CODES_1XXX[page.code ?? 0] : undefined;
  if (byCode !== undefined) return byCode;
  if (refused) return refusalSignal(status, headers, page);
  if (status < 500) return undefined;
  const edgeCode = EDGE_CODES[status];
  if (edgeCode !== undefined) return status === 522 && (durationMs ?? 0) >= ACK_TIMER_MS ? 'edge.522-no-ack' : edgeCode;
  if (headers.get('cf-mitigated') !== undefined || page.mark?.id === REFUSAL_PAGE) return 'har.waf-block';
  const byPage = pageSignal(page);
  const throughCloudflare = headers.has('cf-ray') || headers.get('server')?.toLowerCase() === 'cloudflare';
  if (!throughCloudflare && (byPage === undefined || byPage === 'har.origin-page')) return 'har.no-cloudflare';
  if (byPage !== undefined) return byPage === 'har.origin-page' && status === 504 ? 'har.origin-timeout-page' : byPage;
  if (workerAlone(headers.get('server-timing') ?? '')) return 'har.server-timing-worker';
  return page.kind === 'none' ? 'har.5xx-no-body' : 'har.app-5xx';
}

function pageSignal(page: PageReading): SignalId | undefined {
  if (page.kind === 'problem') {
    const category = page.category ?? '';
    if (category.startsWith('origin') || category.startsWith('ssl')) return 'har.problem-origin';
    return category.startsWith('cloudflare') ? 'har.problem-edge' : 'har.plain-code';
  }
  if (page.kind === 'plain' || page.kind === 'code') return 'har.plain-code';
  switch (page.mark?.maker) {
    case 'origin':
      return 'har.origin-page';
    case 'origin-or-tunnel':
      return 'har.branded-origin';
    case 'edge':
      return page.mark.id === 'cf-unbranded' ? 'har.blank-edge' : 'har.branded-edge';
    case 'cloudflare-page':
    case 'client':
      return 'har.plain-code';
    default:
      return undefined;
  }
}

/** A refusal with a page of Cloudflare's is Cloudflare's; any other that reached the origin is the origin's. A code that is not known need not be a rule's. */
function refusalSignal(status: number, headers: ReadonlyMap<string, string>, page: PageReading): SignalId {
  const own = status === 429 ? 'har.rate-limit' : 'har.waf-block';
  if (headers.has('cf-mitigated')) return own;
  if (page.kind === 'code') return 'har.plain-code';
  if (page.kind === 'problem' || page.kind === 'plain') return own;
  if (page.mark?.maker === 'cloudflare-page' || page.mark?.maker === 'edge') return own;
  return 'edge.origin-refused-403';
}

/** `cfWorker` ran and `cfOrigin` took no time: nobody asked the origin (seen, not documented; reference 3.2). */
function workerAlone(serverTiming: string): boolean {
  return /\bcfWorker;dur=/i.test(serverTiming) && /\bcfOrigin;dur=0(?![.\d])/i.test(serverTiming);
}
