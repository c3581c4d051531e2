/** Longest text of rules that a record carries. */
const LONGEST = 600;

/**
 * The ingress rules of a pushed configuration (the `config` field of "Updated to new configuration") as one text:
 * `app.example.com -> http://localhost:3000; * -> http_status:404`. Empty where the text is no such JSON.
 */
export function ingressRules(config: string): string {
  let value: unknown;
  try {
    value = JSON.parse(config);
  } catch {
    return '';
  }
  if (typeof value !== 'object' || value === null || !('ingress' in value) || !Array.isArray(value.ingress)) return '';
  const rules: string[] = [];
  for (const rule of value.ingress) {
    if (typeof rule !== 'object' || rule === null) continue;
    const service = 'service' in rule && typeof rule.service === 'string' ? rule.service : '?';
    const hostname =
      'hostname' in rule && typeof rule.hostname === 'string' && rule.hostname !== '' ? rule.hostname : '*';
    const path = 'path' in rule && typeof rule.path === 'string' ? rule.path : '';
    rules.push(`${hostname}${path} -> ${service}`);
  }
  return rules.join('; ').slice(0, LONGEST);
}
