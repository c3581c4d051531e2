import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const BEGIN = '<!-- bench: begin -->';
const END = '<!-- bench: end -->';

/** The measured works as two Markdown tables: wall times, and memory. */
export function tablesOf(results) {
  const wall = [
    '| work | against | whose502, s | peer, s | ratio | goal | met | ratio of CPU time |',
    '|---|---|---:|---:|---:|---:|---|---:|',
    ...results.flatMap(wallRows),
  ];
  const memory = [
    '| work | peak memory of whose502, MB | goal | met |',
    '|---|---:|---:|---|',
    ...results.flatMap(memoryRows),
  ];
  return `${wall.join('\n')}\n\n${memory.join('\n')}\n`;
}

function wallRows({ title, wallMs, problem, against }) {
  if (problem !== null) return [`| ${title} | | | | | | no: ${problem} | |`];
  if (against.length === 0) return [`| ${title} | nothing | ${seconds(wallMs)} | | | | | |`];
  return against.map((peer) => {
    const own = `| ${title} | ${peer.title} | ${seconds(wallMs)} |`;
    const goal = peer.atMost === null ? '' : `≤ ${peer.atMost}`;
    if (peer.problem !== null) return `${own} | | ${goal} | not measured: ${peer.problem} | |`;
    return `${own} ${seconds(peer.wallMs)} | ${peer.ratio.toFixed(2)} | ${goal} | ${verdict(peer.ratio, peer.atMost)} | ${peer.cpuRatio?.toFixed(2) ?? ''} |`;
  });
}

function memoryRows({ title, peakMB, memory }) {
  if (peakMB === null) return [];
  if (memory === null) return [`| ${title} | ${peakMB.toFixed(0)} | | |`];
  const { atMost, value, unit } = memory;
  return [`| ${title} | ${peakMB.toFixed(0)} | ≤ ${atMost}${unit} | ${verdict(value, atMost)} |`];
}

/** Whether a goal is met, and by how much it is missed. */
function verdict(value, atMost) {
  if (atMost === null) return '';
  if (value === null) return 'not measured';
  if (value <= atMost) return 'yes';
  return `no, ${(value / atMost).toFixed(2)} times the goal`;
}

function seconds(ms) {
  return (ms / 1000).toFixed(ms < 1000 ? 3 : 2);
}

/** Puts text between the two markers of a page; what stands around them is left alone. */
export function writeBetweenMarkers(path, text) {
  if (!existsSync(path)) throw new Error(`${path} is missing`);
  const page = readFileSync(path, 'utf8');
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${path} lacks the markers ${BEGIN} and ${END}`);
  writeFileSync(path, `${page.slice(0, begin + BEGIN.length)}\n${text}${page.slice(end)}`);
}
