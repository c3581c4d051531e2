import type { Stamp } from '../../vocabulary/records.ts';
import { parseJson } from '../parse-json.ts';
import { jsonStamp } from '../stamps.ts';
import type { Peeled } from './peeled.ts';

const MEMBER = /^ {1,60}"([@\w.]{1,60})" ?: /;
const FRAME = /^ {0,60}[{}[\]]{1,2},?$/;
const TEXTS: ReadonlySet<string> = new Set(['message', '@message', 'log', 'line', 'textPayload', '_raw']);
const TIMES: ReadonlySet<string> = new Set(['@timestamp', 'timestamp', 'time']);
const LONGEST_TIME = 80;

/**
 * Answers of log services that were printed with one member a line (Kibana's hits, `aws logs get-log-events`, `jq .`): the
 * member with the text is handed on with the time that stood before it. Once one was found the others count as its frame.
 */
export class PrettyObjects {
  private isPossible = false;
  private isKnown = false;
  private stamp: Stamp | undefined;

  /** The text of a member; null where the line is no part of such an answer. `number` counts from 1. */
  peel(line: string, number: number): Peeled | null {
    if (number === 1) this.isPossible = line === '{' || line === '[';
    if (!this.isPossible) return null;
    const member = MEMBER.exec(line.slice(0, 140));
    if (member?.[1] === undefined) return this.isKnown && FRAME.test(line.slice(0, 70)) ? { rest: '' } : null;
    if (TEXTS.has(member[1])) return this.text(line.slice(member[0].length));
    if (TIMES.has(member[1])) this.read(line.slice(member[0].length));
    return this.isKnown ? { rest: '' } : null;
  }

  private text(written: string): Peeled | null {
    const value = parsed(written);
    if (typeof value !== 'string') return null;
    this.isKnown = true;
    return { rest: value.replace(/\r?\n$/, ''), ...(this.stamp === undefined ? {} : { stamp: this.stamp }) };
  }

  private read(written: string): void {
    const stamp = written.length > LONGEST_TIME ? undefined : jsonStamp(parsed(written));
    if (stamp !== undefined && stamp.kind !== 'none') this.stamp = stamp;
  }
}

function parsed(written: string): unknown {
  return parseJson(written.endsWith(',') ? written.slice(0, -1) : written);
}
