import type { Cause } from '../cause.ts';
import { hostInCommand, locationInConfig } from '../commands.ts';
import { wordOf } from '../php-texts.ts';
import { failedRequests, onPath } from '../texts.ts';

export const wafBlock: Cause = {
  id: 'waf-block',
  title: 'A WAF or rate-limiting rule answers',
  place: 'edge',
  hop: 'edge',
  broader: [],
  aliases: ['waf-blocks-post', 'security-rate-limit'],
  explains: ['blocked'],
  frequency: 'common',
  evidence: [
    { signal: 'edge.waf-block', weight: 'decisive', why: 'Cloudflare’s row names a security rule' },
    { signal: 'edge.rate-limit', weight: 'decisive', why: 'Cloudflare’s row names a rate limiting rule' },
    { signal: 'har.waf-block', weight: 'decisive', why: 'the page is Cloudflare’s refusal' },
    { signal: 'har.rate-limit', weight: 'decisive', why: 'the page says 1015' },
    { signal: 'firewall.block', weight: 'strong', why: 'a firewall event stands for the requests' },
    { signal: 'derived.one-path', weight: 'weak', why: 'rules often meet one path' },
    { signal: 'derived.one-method', weight: 'weak', why: 'rules on bodies meet POST only' },
    { signal: 'derived.not-in-origin-log', weight: 'weak', why: 'a refused request never reaches the origin' },
    { signal: 'edge.origin-refused-403', weight: 'strong', against: true, why: 'the origin itself refused' },
    { signal: 'access.refused-403', weight: 'strong', against: true, why: 'the origin itself refused' },
  ],
  summary: (facts) => {
    const limited = facts.signals.has('edge.rate-limit') || facts.signals.has('har.rate-limit');
    const rule =
      wordOf(facts, ['firewall.block', 'edge.waf-block', 'edge.rate-limit'], 'description') ??
      wordOf(facts, ['firewall.block', 'edge.waf-block', 'edge.rate-limit'], 'rule');
    const named = rule === null ? '' : ` The event names the rule “${rule}”.`;
    return `${limited ? 'A rate limiting rule' : 'A security rule'} of Cloudflare refused ${failedRequests(facts)}${onPath(facts)}.${named} This is a 403 or 429 by a rule of the zone, no gateway error: a WAF never answers 502.`;
  },
  missing: [
    {
      what: 'the firewall events of that time (Security > Events, or Logpush firewall_events)',
      why: 'they name the rule; the HTTP log may lack the Security* fields',
      command: null,
      unless: { signals: ['firewall.block', 'edge.waf-block', 'edge.rate-limit'] },
    },
  ],
  fix: [
    {
      text: 'Look the Ray ID up in Security > Events: it names the rule, the service and the part of the request that matched.',
      risk: 'None: it only reads.',
    },
    {
      text: 'If real visitors are hit: make an exception as narrow as can be, for this path and this rule only.',
      config: (facts) =>
        `(http.host eq "${hostInCommand(facts)}" and starts_with(http.request.uri.path, "${locationInConfig(facts, '/upload')}"))\n# action: Skip, and there only the rule that the event names`,
      risk: 'What the rule keeps out may now come in on that path.',
    },
    {
      text: 'A rate limit that meets real use: raise the number or count by session instead of address.',
      risk: 'Offices and mobile networks share addresses; too high a number guards nothing.',
    },
    {
      text: 'If it was an attack: leave it. The rule did its work.',
      risk: 'Some real visitors may be among the refused.',
    },
  ],
  avoid: [
    'Switching the WAF off for a test: the events already name the rule.',
    'Allowing single visitors’ addresses: they change, and attackers’ too.',
    'Searching the origin’s logs: the requests did not get there.',
  ],
  verify: ['The same request gives 200, and Security > Events shows no block for it.'],
  prevent: ['Try new rules with action Log first.', 'Tell refusals (403, 429) from failures (5xx) in alarms.'],
  difficulty: 'easy',
  sources: ['Cloudflare docs: WAF; security events; error 1015, 1020'],
};
