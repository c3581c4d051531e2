import { type ClueRecord, NO_STAMP } from '../../vocabulary/records.ts';
import { momentMs } from './moment.ts';
import { rayId } from './request-record.ts';
import type { Row } from './row.ts';

const LONGEST_TEXT = 2000;
/** Actions that answer in place of the origin. Solved and bypassed challenges let the request pass. */
const ENDING =
  /^(?:block|drop|challenge|jschallenge|managedchallenge|managedchallengeblock|connectionclose|forceconnectionclose|ratelimit|deny)$/;

/**
 * A match of a security rule: a row of Logpush, an event of the dashboard's export or of GraphQL, which name the same things a
 * little otherwise (`RayID` and `rayName`, `ClientRequestHost` and `clientRequestHTTPHost`).
 */
export function firewallClue(row: Row, line: number, text: string): ClueRecord {
  const action = row.text('Action') ?? row.text('ActionTaken') ?? '';
  const ended = ENDING.test(action.replace(/[_\- ]/g, '').toLowerCase());
  const atMs = momentMs(row.get('Datetime')) ?? momentMs(row.get('Date')) ?? momentMs(row.get('OccurredAt'));
  const ray = rayId(row.text('RayID') ?? row.text('rayName'));
  const host = row.text('ClientRequestHost') ?? row.text('ClientRequestHTTPHost') ?? row.text('Host');
  const path = row.text('ClientRequestPath') ?? row.text('Path');
  const method =
    row.text('ClientRequestMethod') ??
    row.text('clientRequestHTTPMethodName') ??
    row.text('clientRequestHTTPMethod') ??
    row.text('Method');
  const client = row.text('ClientIP') ?? row.text('IPAddress') ?? row.text('IP');
  const rule = row.text('RuleID');
  const source = row.text('Source') ?? row.text('Service');
  const description = row.text('Description');
  const colo = row.text('EdgeColoCode') ?? row.text('edgeColoName');
  return {
    kind: 'clue',
    hop: 'edge',
    signal: ended ? 'firewall.block' : 'firewall.other',
    line,
    stamp: atMs === undefined ? NO_STAMP : { kind: 'utc', ms: atMs, offsetMinutes: 0 },
    text: text.length > LONGEST_TEXT ? text.slice(0, LONGEST_TEXT) : text,
    ...(method !== undefined && { method }),
    ...(host !== undefined && { host: host.toLowerCase() }),
    ...(path !== undefined && { path }),
    ...(ray !== undefined && { ray }),
    ...(client !== undefined && { client }),
    ...(source !== undefined && { subject: source }),
    values: {
      action,
      ...(rule !== undefined && { rule }),
      ...(description !== undefined && { description: description.slice(0, 200) }),
      ...(colo !== undefined && { colo }),
    },
  };
}
