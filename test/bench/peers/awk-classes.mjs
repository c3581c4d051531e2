import { CLASSES, FIELDS } from './classes.mjs';

/**
 * The awk program that puts each line of an error log into its class and takes three fields of it, made from the list that
 * all peers share. With `index`; regular expressions take mawk about as long.
 */
export function classesInAwk(log) {
  const cases = CLASSES[log].map(([text], i) => `if (index($0, ${inAwk(text)})) class = ${i}`);
  const failing = CLASSES[log].flatMap(([, failed], i) => (failed ? [i] : []));
  return `
BEGIN { split("${failing.join(' ')}", list, " "); for (i in list) isFailed[list[i]] = 1 }
{ ${cases.join('; else ')}; else class = -1
  count[substr($0, 1, 16) " " class]++
  if (class in isFailed) failed++
  ${FIELDS[log].map(fieldInAwk).join('\n  ')}
}
END { for (key in count) lines = lines key " " count[key] "\\n"; printf "{\\"rows\\":%d,\\"failed\\":%d}\\n", NR, failed }
`;
}

/** Takes what stands between the beginning of a field and the byte that ends it. */
function fieldInAwk(pattern) {
  const [, start, end] = /^(.*)\(\[\^(.)\]\*\)/.exec(pattern) ?? [];
  return `at = index($0, ${inAwk(start)}); if (at) { rest = substr($0, at + ${start.length}); chars += length(substr(rest, 1, index(rest, ${inAwk(end)}) - 1)) }`;
}

function inAwk(text) {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
