import { NO_STAMP } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { exitSignal, kindByImage, signalOf } from './container-roles.ts';
import type { Said } from './kubernetes-objects.ts';

/*
 * Rows of `docker ps -a`, `docker compose ps -a` and `kubectl get pods`: what containers and pods are at the moment. They tell how
 * long ago that began, not when. Cells stand at least two blanks apart.
 */

const HEAD = /^(?:CONTAINER ID +IMAGE +COMMAND|NAME +IMAGE +COMMAND +SERVICE|(?:NAMESPACE +)?NAME +READY +STATUS) /;
/** `docker ps` begins with the id and ends with the name; Compose begins with the name. */
const DOCKER_ROW = /^([\w.-]{1,255}) {2,}([\w./:@-]{1,255}) {2,}".{0,500}" {2,}\S/;
const DOCKER_ID = /^[0-9a-f]{12,64}$/;
const DOCKER_STATUS = /^(?:(Exited|Restarting) \((\d{1,3})\)|(Up|Dead)\b(?:.*\((unhealthy|Paused)\))?)/;
/** Namespace perhaps, name, how many containers are ready of how many, status, restarts. */
const POD_ROW =
  /^(?:[a-z0-9-]{1,63} {2,})?([a-z0-9][a-z0-9.-]{0,252}) {2,}(\d{1,3})\/(\d{1,3}) {2,}([A-Z][\w:/]{2,60}) {2,}\d{1,9}(?: \([\dsmhdy]{2,12} ago\))? {2,}[\dsmhdy]{2,12}(?: |$)/;

/** What is said of containers that run on, by the word behind. */
const RUNNING: Readonly<Record<string, SignalId>> = { unhealthy: 'unit.probe-failed', Paused: 'unit.stopping' };

/** Whether the line names the columns of such a list. */
export const isListHead = (text: string): boolean => HEAD.test(text);

/** The container or pod of a row; null where it is no row of these. */
export function listedContainer(text: string): Said | null {
  return dockerRow(text) ?? podRow(text);
}

function dockerRow(text: string): Said | null {
  const [, first = '', image = ''] = DOCKER_ROW.exec(text) ?? [];
  if (first === '') return null;
  const cells = text.trimEnd().split(/ {2,}/);
  const status = cells.findIndex((cell, index) => index > 3 && DOCKER_STATUS.test(cell));
  const [, ended, code, state, detail = ''] = DOCKER_STATUS.exec(cells[status] ?? '') ?? [];
  if (ended === undefined && state === undefined) return null;
  const name = DOCKER_ID.test(first) ? (cells.at(-1) ?? first) : first;
  const kind = kindByImage(name, image);
  if (ended === undefined)
    return {
      signal: state === 'Dead' ? 'unit.failed' : (RUNNING[detail] ?? 'unit.chatter'),
      stamp: NO_STAMP,
      name,
      kind,
    };
  const exitCode = Number(code);
  const signal = exitSignal(exitCode);
  const asAsked = ended === 'Exited' ? 'unit.stopped' : 'unit.restart-scheduled';
  return { signal: signal === 'unit.chatter' ? asAsked : signal, stamp: NO_STAMP, name, kind, exitCode };
}

function podRow(text: string): Said | null {
  const [, name, ready, all, status = ''] = POD_ROW.exec(text) ?? [];
  if (name === undefined) return null;
  return { signal: podSignal(status, Number(ready) < Number(all)), stamp: NO_STAMP, name, kind: name };
}

function podSignal(status: string, isUnready: boolean): SignalId {
  if (status === 'Running') return isUnready ? 'unit.probe-failed' : 'unit.chatter';
  if (status === 'Terminating') return 'unit.stopping';
  return /^(?:Init:)?Error$/.test(status) ? 'unit.exited' : signalOf(`${status} `);
}
