import type { ClueRecord } from '../../vocabulary/records.ts';
import { apacheReasonIn, apacheStatusIn, isApacheTalk } from './apache-page.ts';
import { applicationReasonIn, applicationStatusIn, isApplicationTalk } from './application-page.ts';
import { iisReasonIn, iisStatusIn, isIisTalk } from './iis-page.ts';
import { kongReasonIn, kongStatusIn } from './kong-page.ts';

/** What pages that are not Cloudflare's say of the backend: Apache's, IIS's, Kong's, applications' own. */

/** The status of such a page that begins here; undefined where none does. */
export const serverStatusIn = (text: string): number | undefined =>
  apacheStatusIn(text) ?? iisStatusIn(text) ?? kongStatusIn(text) ?? applicationStatusIn(text);

/** Whether a line is another one of such a page. */
export const isServerTalk = (text: string): boolean => isApacheTalk(text) || isIisTalk(text) || isApplicationTalk(text);

/** What such a page tells of the backend; undefined where it tells nothing. */
export function serverReasonIn(text: string): Pick<ClueRecord, 'hop' | 'signal'> | undefined {
  const signal = apacheReasonIn(text);
  return signal === undefined
    ? (iisReasonIn(text) ?? kongReasonIn(text) ?? applicationReasonIn(text))
    : { hop: 'proxy', signal };
}
