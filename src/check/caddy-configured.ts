import { WITHOUT_LOG } from './caddy.ts';
import type { ConfigurationFile, Seen } from './seen.ts';

/** A block at the top of a Caddyfile: a site, a snippet `(name)`, or the global options, which have no name. */
interface Block {
  readonly name: string;
  /** First words of the directives within it, and the snippets that it imports. */
  readonly directives: ReadonlySet<string>;
  readonly imports: readonly string[];
}

const LONGEST_LINE = 4096;

function blocksIn(text: string): Block[] {
  const blocks: Block[] = [];
  let depth = 0;
  let open: { name: string; directives: Set<string>; imports: string[] } | null = null;
  for (const line of text.split('\n')) {
    const words = line
      .slice(0, LONGEST_LINE)
      .replace(/(?:^|\s)#.*$/, '')
      .trim();
    if (words === '') continue;
    const opens = /(?:^|\s)\{$/.test(words);
    if (words === '}') depth = Math.max(0, depth - 1);
    else if (depth === 0 && opens) {
      open = { name: words.slice(0, -1).trim(), directives: new Set(), imports: [] };
      blocks.push(open);
      depth = 1;
    } else if (depth === 1 && open !== null) {
      const [directive = '', argument = ''] = words.split(/\s+/, 2);
      open.directives.add(directive);
      if (directive === 'import') open.imports.push(argument);
      if (opens) depth++;
    } else if (opens) depth++;
  }
  return blocks;
}

/** What a Caddyfile says of its sites: which of them write an access log, themselves or by a snippet. */
export function seenInCaddyfile({ label, text }: ConfigurationFile): Seen[] {
  const blocks = blocksIn(text);
  const snippets = new Map(blocks.filter(({ name }) => name.startsWith('(')).map((block) => [block.name, block]));
  const known = new Set<Block>();
  const logs = (block: Block): boolean => {
    if (known.has(block)) return false;
    known.add(block);
    if (block.directives.has('log')) return true;
    // What another file holds is not known.
    return block.imports.some((name) => {
      const snippet = snippets.get(`(${name})`);
      return snippet === undefined || logs(snippet);
    });
  };
  return blocks
    .filter(({ name }) => name !== '' && !name.startsWith('('))
    .map((site) => {
      known.clear();
      return {
        source: `${label}: ${site.name}`,
        format: 'caddyfile',
        entries: 0,
        fields: new Set(logs(site) ? [] : [WITHOUT_LOG]),
        example: null,
      };
    });
}
