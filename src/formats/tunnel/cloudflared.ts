import type { Line, LineFormat } from '../format.ts';
import { CLOUDFLARED_EXAMPLES } from './cloudflared-examples.ts';
import { parseBareLine, parseCloudflaredLine } from './cloudflared-line.ts';
import { matchMessage } from './cloudflared-match.ts';
import { CloudflaredParser } from './cloudflared-parser.ts';
import { isChatter, isOwnProgram, isSure, ownWords } from './cloudflared-words.ts';
import { readRequestLine, UNREACHABLE_WORDS } from './request-line.ts';

const CALM = { stopping: false, unregistered: false, othersUp: false } as const;

/** The log of cloudflared, the connector of Cloudflare Tunnel, in all its generations. */
export const cloudflared: LineFormat = {
  id: 'cloudflared',
  title: 'cloudflared log (Cloudflare Tunnel)',
  hop: 'tunnel',
  shape: 'lines',
  foundAt: [
    'journalctl -u cloudflared',
    'docker logs <container>, kubectl logs <pod>',
    '/var/log/cloudflared.err (SysV, OpenRC), /Library/Logs/com.cloudflare.cloudflared.err.log (macOS)',
    'the file named by --logfile, or cloudflared.log in --log-directory',
    'cloudflared_logs.txt in the archive of cloudflared tunnel diag',
  ],
  limits: [
    'Whole seconds only.',
    'No Ray ID in error lines since 2024.2.1.',
    'Nothing is logged at info for requests that the service answered, whatever their status.',
    'A slow service shows no error here: cloudflared has no response time-out of its own.',
  ],
  examples: CLOUDFLARED_EXAMPLES,
  fieldsIn: ({ text }) => {
    const parsed = parseCloudflaredLine(text);
    if (!parsed || (parsed.level === null && parsed.stamp.kind === 'none')) return [];
    return [
      ...(parsed.stamp.kind === 'none' ? [] : ['time']),
      ...(parsed.level === null ? [] : [`level=${parsed.level}`]),
    ];
  },
  score,
  open: (emit) => new CloudflaredParser(emit),
};

function score(line: Line): number {
  const program = line.wrapper?.program;
  const own = isOwnProgram(program);
  const text = line.text.length > 20_000 ? line.text.slice(0, 20_000) : line.text;
  const parsed = parseCloudflaredLine(text);
  if (parsed) {
    if (program !== undefined && !own && parsed.form !== 'console') return 0;
    if (ownWords(parsed)) return parsed.form === 'console' || own ? 0.98 : 0.9;
    if (own) return 0.95;
    return parsed.form === 'console' && parsed.stamp.kind !== 'none' ? 0.35 : 0;
  }
  if (own) return 0.8;
  if (program !== undefined) return 0;
  if (text.includes(UNREACHABLE_WORDS)) return 0.9;
  const bare = parseBareLine(text);
  if (bare.message !== '' && readRequestLine(bare)) return 0.6;
  if (isChatter(bare.message)) return bare.message.length > 24 ? 0.3 : 0;
  const match = matchMessage(bare.message, bare.fields.error ?? '', CALM);
  return match && isSure(match, bare) ? 0.75 : 0;
}
