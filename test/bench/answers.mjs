/**
 * Whether the answers are right: the benchmark knows what it put into the logs. All functions return what differs in words,
 * or null.
 */

/** The result of `whose502 --json` against what was put in. */
export function wrongResult(result, truth) {
  const [source] = result.sources;
  if (source === undefined) return 'no source';
  const inAll = (of) => result.sources.reduce((sum, each) => sum + of(each), 0);
  const expected = [
    ['lines', inAll(({ lines }) => lines), truth.lines],
    ['lines not understood', inAll(({ notUnderstood }) => notUnderstood.count), 0],
    ['bytes lost', inAll(({ lostBytes }) => lostBytes), 0],
  ];
  if (truth.requests !== undefined) {
    expected.push(['requests', onTimeline(result, source.hop, 'total'), truth.requests]);
    expected.push(['failed requests', onTimeline(result, source.hop, 'failed'), truth.failedLines]);
  }
  if (truth.entries !== undefined) expected.push(['entries', inAll(({ records }) => records), truth.entries]);
  for (const [hop, lines] of Object.entries(truth.errorLines ?? {}))
    expected.push([`error lines of the ${hop}`, onTimeline(result, hop, 'error lines'), lines]);
  return differences(expected);
}

/** What a peer says it counted. */
export function wrongCount({ rows, failed }, truth) {
  return differences([
    ['rows', rows ?? truth.lines, truth.lines],
    ['failed', failed ?? truth.failedLines, truth.failedLines],
  ]);
}

function differences(expected) {
  const wrong = expected.filter(([, seen, put]) => seen !== put);
  return wrong.length === 0 ? null : wrong.map(([what, seen, put]) => `${what}: ${seen} instead of ${put}`).join('; ');
}

function onTimeline({ timeline }, hop, name) {
  const series = timeline.series.find((each) => each.hop === hop && each.name === name);
  return series === undefined ? 0 : series.values.reduce((sum, value) => sum + value, 0);
}
