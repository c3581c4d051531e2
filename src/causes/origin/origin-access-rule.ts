import type { Cause } from '../cause.ts';
import { locationInConfig, REAL_IP_RISK } from '../commands.ts';
import { wordOf } from '../php-texts.ts';
import { ACCESS_WORDS, TLS_WORDS } from '../server-topics.ts';
import { failedRequests, MISSING_NGINX_ERROR, onPath } from '../texts.ts';
import { errorLog, realIpCommand, searchConfig } from '../web-servers.ts';

/** A refusal by the origin's own rules: never a 502. */
export const originAccessRule: Cause = {
  id: 'origin-access-rule',
  title: 'The web server or a WAF on it refuses the request by a rule (400/403)',
  place: 'origin',
  hop: 'proxy',
  broader: [],
  aliases: ['origin-waf', 'edge-plain-to-https', 'edge-client-cert', 'nginx-forbidden'],
  explains: ['blocked'],
  frequency: 'usual',
  evidence: [
    {
      signal: 'nginx.modsecurity-denied',
      weight: 'decisive',
      why: 'the web application firewall on the server says so',
    },
    { signal: 'nginx.forbidden-rule', weight: 'decisive', why: 'a deny rule of nginx matched' },
    { signal: 'nginx.client-ssl-verify', weight: 'decisive', why: 'the origin wants Cloudflare’s client certificate' },
    { signal: 'nginx.client-plain-https', weight: 'decisive', why: 'plain HTTP came to the TLS port' },
    { signal: 'access.refused-403', weight: 'strong', why: 'the origin refused, not Cloudflare' },
    { signal: 'edge.origin-refused-403', weight: 'strong', why: 'the origin refused, not Cloudflare' },
    { signal: 'nginx.fcgi-ext-denied', weight: 'medium', why: 'PHP refuses to run that file' },
    { signal: 'nginx.dir-forbidden', weight: 'weak', why: 'a folder without an index is refused' },
    { signal: 'nginx.static-denied', weight: 'weak', why: 'the web server may not read the file' },
    { signal: 'apache.refused', weight: 'strong', why: 'Apache names the rule that refused' },
    { signal: 'proxy.refused', weight: 'strong', why: 'the reverse proxy’s own rule refused' },
    { signal: 'edge.waf-block', weight: 'strong', against: true, why: 'Cloudflare refused it' },
    { signal: 'har.waf-block', weight: 'strong', against: true, why: 'Cloudflare refused it' },
    { signal: 'firewall.block', weight: 'strong', against: true, why: 'Cloudflare refused it' },
    { signal: 'edge.rate-limit', weight: 'strong', against: true, why: 'Cloudflare refused it' },
    { signal: 'derived.too-many-requests', weight: 'strong', against: true, why: '429 is a limit’s answer' },
    { signal: 'nginx.limit-req', weight: 'strong', against: true, why: 'a rate limit refused it' },
    { signal: 'nginx.limit-conn', weight: 'strong', against: true, why: 'a connection limit refused it' },
  ],
  summary: (facts) => {
    if (facts.signals.has('nginx.client-plain-https')) {
      return 'Plain HTTP is sent to a TLS port of the origin, which answers 400. The scheme (SSL mode Flexible, or http:// in a tunnel’s service) does not fit the port.';
    }
    if (facts.signals.has('nginx.client-ssl-verify')) {
      return 'The origin asks for a client certificate (authenticated origin pulls) and got none that it trusts; it answers 400.';
    }
    return `A rule on the origin (deny, ModSecurity, the application) refused ${failedRequests(facts)}${onPath(facts)}. This is a refusal, not a breakdown; a rule does not make a 502.`;
  },
  missing: [
    MISSING_NGINX_ERROR,
    {
      what: 'audit log of ModSecurity, where it is in use',
      why: 'it names the rule and what it matched',
      command: 'sudo tail -n 200 /var/log/modsec_audit.log',
      unless: { signals: ['nginx.forbidden-rule'] },
    },
    {
      what: 'Cloudflare’s firewall events of these minutes',
      why: 'no event for the Ray ID means that the origin refused',
      command: null,
      unless: { signals: ['firewall.block', 'edge.origin-refused-403', 'access.refused-403'] },
    },
  ],
  fix: [
    {
      text: 'Find the rule: the error log names deny rules and ModSecurity’s rule id, the configuration the rest.',
      command: (facts) =>
        [
          `sudo grep -nE 'forbidden by rule|client denied|ModSecurity' ${errorLog(facts)} | tail`,
          searchConfig(facts, ACCESS_WORDS),
        ]
          .filter((command) => command !== '' && !command.includes('<'))
          .join('; '),
      risk: 'None: it only reads.',
    },
    {
      text: 'Rules by address see Cloudflare’s addresses unless realip is set. Set it for all of Cloudflare’s ranges, then rules meet the visitor.',
      command: realIpCommand,
      risk: REAL_IP_RISK,
    },
    {
      text: 'ModSecurity: exclude the one rule for the one path.',
      config: (facts) => {
        const rule = wordOf(facts, ['nginx.forbidden-rule'], 'rule') ?? '';
        const id = /^\d{1,12}$/.test(rule) ? rule : '<rule id>';
        return `location ${locationInConfig(facts, '/')} {\n    modsecurity_rules 'SecRuleRemoveById ${id}';\n}`;
      },
      computedFrom: (facts) =>
        wordOf(facts, ['nginx.forbidden-rule'], 'rule') === null ? '' : 'the rule and the path in the error lines',
      risk: 'That path lacks this rule from then on: exclude as little as possible.',
    },
    {
      text: '400 for plain HTTP on the TLS port: set Cloudflare’s SSL mode to Full (strict), or https:// in the tunnel’s service. 400 for a client certificate: switch authenticated origin pulls on in Cloudflare, with the CA it uses now.',
      command: (facts) => searchConfig(facts, TLS_WORDS),
      risk: 'Full (strict) needs a valid certificate at the origin, else visitors get 526.',
    },
  ],
  avoid: [
    'Switching the WAF off: one rule for one path is enough.',
    'Looking for the rule in Cloudflare: its firewall events would show it.',
  ],
  verify: ['The refused request works, and an address that should be refused still is.'],
  prevent: ['Run new rules in DetectionOnly first.', 'Keep the list of Cloudflare’s ranges up to date by a timer.'],
  difficulty: 'moderate',
  sources: [
    'nginx: ngx_http_access_module, ngx_http_realip_module',
    'ModSecurity: SecRuleRemoveById',
    'developers.cloudflare.com: authenticated origin pulls, SSL modes',
  ],
};
