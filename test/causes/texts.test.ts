import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type Advice, adviceFor, type Cause, textOf } from '../../src/causes/cause.ts';
import { NO_INCIDENT } from '../../src/causes/no-incident.ts';
import { poolName } from '../../src/causes/php-texts.ts';
import { CAUSES } from '../../src/causes/registry.ts';
import type { Facts } from '../../src/correlate/facts.ts';
import { openRedaction } from '../../src/result/redact.ts';
import { factsOf } from './facts-of.ts';

/** Names in values of records that causes quote as numbers. */
const NUMBERS = [
  'maxChildren',
  'slowSeconds',
  'afterSeconds',
  'limitSeconds',
  'limitBytes',
  'limit',
  'total',
  'anonRssKb',
  'signalNumber',
  'verifyError',
];
/** Names in values of records that causes quote as text. */
const WORDS = ['file', 'script', 'function', 'plugin', 'zone', 'rule', 'name', 'address', 'message', 'upstream'];

/** Facts in which all that speaks for a cause was seen, with these names and numbers. */
function incident(cause: Cause, word: string, upstream: string, host: string, path: string): Facts {
  const values = {
    ...Object.fromEntries(WORDS.map((name) => [name, word])),
    ...Object.fromEntries(NUMBERS.map((name) => [name, 5])),
    upstream,
  };
  const signals = Object.fromEntries(
    cause.evidence.filter(({ against }) => !against).map(({ signal }) => [signal, { values, subjects: [word] }]),
  );
  return factsOf({
    failed: 357,
    total: 1484,
    failedMedianMs: 60_012,
    signals,
    top: { host, path, upstream, colo: 'FRA' },
  });
}

const plain = (cause: Cause): Facts => incident(cause, 'www', '192.0.2.7:9000', 'shop.example.com', '/checkout');
const onSocket = (cause: Cause): Facts =>
  incident(cause, 'php8.1-fpm', 'unix:/run/php/php8.1-fpm.sock', 'shop.example.com', '/checkout');
const EVIL = '$(reboot);`id`|x&"\'><\n../';
const hostile = (cause: Cause): Facts => incident(cause, EVIL, `unix:/run/${EVIL}`, EVIL, `/${EVIL}`);

const commandsOf = (cause: Cause, advice: Advice, facts: Facts): string[] => [
  ...advice.steps.flatMap(({ command }) => command ?? []),
  ...cause.missing.flatMap(({ command }) => (command === null ? [] : textOf(command, facts))),
];
const proseOf = (cause: Cause, advice: Advice, facts: Facts): string[] => [
  textOf(cause.summary, facts),
  ...advice.steps.flatMap(({ text, risk, computedFrom }) => [text, risk, computedFrom ?? 'nothing']),
  ...advice.avoid,
  ...advice.verify,
  ...advice.prevent,
  ...cause.sources,
  ...cause.missing.flatMap(({ what, why }) => [what, why]),
];

/** Those of the commands that bash cannot read, with what it says of them. */
function unreadable(commands: readonly string[]): string {
  const readEach = 'for command; do bash -n -c "$command" 2>&1 || echo "in: $command"; done';
  return execFileSync('bash', ['-c', readEach, 'bash', ...commands], { encoding: 'utf8' });
}

/** Stand-ins for what no log can tell: `<token>`; a command with one is not run as it is. */
const STAND_IN = /<[a-z][^<>|;&]*>/gi;

describe.each(CAUSES.map((cause) => [cause.id, cause] as const))('%s', (_, cause) => {
  const known = [NO_INCIDENT, plain(cause), onSocket(cause)].map((facts) => ({
    facts,
    advice: adviceFor(cause, facts),
  }));

  it('has every part of an advice', () => {
    const { advice } = known[0] ?? expect.unreachable();
    expect(advice.steps.length).toBeGreaterThan(0);
    for (const part of [advice.avoid, advice.verify, advice.prevent, cause.sources])
      expect(part.length).toBeGreaterThan(0);
    if (cause.place !== 'none')
      expect(advice.steps.filter(({ command, config }) => command ?? config).length).toBeGreaterThan(0);
  });

  it('is written in whole sentences of bearable length, without holes', () => {
    expect(cause.title).toMatch(/^\S.{8,95}[^.\s]$/);
    for (const { facts, advice } of known) {
      for (const text of proseOf(cause, advice, facts)) {
        expect(text).not.toMatch(/undefined|(?<!\/dev\/)null|NaN|\[object|\s$|^\s|\$\{|\.\.$| ,| \.(?: |$)/);
        expect(text.length, text).toBeLessThan(720);
      }
      const summary = textOf(cause.summary, facts);
      expect(summary).toMatch(/^(?:[A-Z]|nginx|cloudflared|uWSGI|fail2ban|unix:|\d|proxy_pass).*[.)]$/);
      for (const { text, risk } of advice.steps) {
        expect(text).toMatch(/^[A-Z“"\d].*[.)?:]$/s);
        expect(risk).toMatch(/^\S.+\.$/);
        expect(risk, 'a risk says why there is none').not.toBe('None.');
      }
    }
  });

  it('says nothing twice', () => {
    const { advice } = known[0] ?? expect.unreachable();
    const said = [...advice.steps.map(({ text }) => text), ...advice.avoid, ...advice.verify, ...advice.prevent];
    expect(said.filter((text, i) => said.indexOf(text) !== i)).toEqual([]);
  });

  it('names what the lines name', () => {
    for (const { facts, advice } of known.slice(1)) {
      const text = [...commandsOf(cause, advice, facts), ...advice.verify].join('\n');
      expect(text).not.toMatch(/<host>|<path>|your-app|www\.example\.com/);
    }
  });

  it('gives commands that a shell can read', () => {
    const commands = new Set(
      known.flatMap(({ facts, advice }) =>
        commandsOf(cause, advice, facts).map((command) => command.replaceAll(STAND_IN, 'stand-in')),
      ),
    );
    expect(unreadable([...commands])).toBe('');
  });

  it('lets no text of a log into a command', () => {
    const facts = hostile(cause);
    for (const command of commandsOf(cause, adviceFor(cause, facts), facts)) expect(command).not.toContain('reboot');
    for (const { config } of adviceFor(cause, facts).steps) expect(config ?? '').not.toContain('reboot');
  });

  it('goes through the redaction whole', () => {
    for (const { facts, advice } of known.slice(0, 2)) {
      const texts = [
        ...proseOf(cause, advice, facts),
        ...commandsOf(cause, advice, facts),
        ...advice.steps.flatMap(({ config }) => config ?? []),
      ];
      const redaction = openRedaction();
      redaction.keep('192.0.2.7:9000');
      for (const text of texts) redaction.see(text);
      for (const text of texts) expect(redaction.mask(text)).toBe(text);
    }
  });
});

it('names the pool of which something is told, not one with an ordinary line', () => {
  const facts = factsOf({
    signals: { 'fpm.said': { subjects: ['blog'] }, 'fpm.child-segv': { subjects: ['shop'] } },
  });
  expect(poolName(facts)).toBe('shop');
});
