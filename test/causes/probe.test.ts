import { it } from 'vitest';
import { diagnose } from '../../src/causes/diagnose.ts';
import { textOf } from '../../src/causes/cause.ts';
import { allCauses } from './all-causes.ts';
import { factsOf, seen } from './facts-of.ts';
const C = await allCauses();
it('probe', () => {
  const show = (n: string, s: Parameters<typeof factsOf>[0]) => {
    const v = diagnose(factsOf(s), C);
    console.log(n, v.place, v.placeConfidence.toFixed(2), v.cause?.id, v.confidence.toFixed(2), v.candidates.slice(0, 6).map((c) => `${c.cause?.id}@${c.place}=${c.probability.toFixed(2)}`).join(' '));
  };
  show('edge-only', { signals: seen('edge.origin-answered-5xx') });
  show('edge+har', { signals: seen('edge.origin-answered-5xx','har.branded-origin') });
  show('har-only', { madeBy: 'unknown', signals: seen('har.branded-origin') });
  show('har-origin-page', { signals: seen('har.origin-page') });
  show('access-no-answer', { signals: seen('access.no-answer-502') });
  show('access-no-answer+instant', { signals: seen('access.no-answer-502','derived.instant','derived.everything-fails') });
  show('access-504', { signals: seen('access.timeout-504') });
  show('timeout only', { signals: seen('nginx.timeout-header') });
  show('timeout all paths', { signals: seen('nginx.timeout-header','derived.all-paths','derived.pool-exhausted') });
  show('521+fw', { signals: seen('edge.521','kernel.packet-dropped') });
  show('521 some servers', { signals: seen('edge.521','derived.some-edge-servers') });
  show('520', { signals: seen('edge.520') });
  show('520 segv', { signals: seen('edge.520','kernel.segfault','nginx.worker-signal') });
  show('522', { signals: seen('edge.522-connect') });
  show('524', { signals: seen('edge.524','access.edge-gave-up') });
  show('access.5xx', { signals: seen('access.5xx') });
  show('own503', { signals: seen('access.own-503') });
  show('own500', { kind: 'application', signals: seen('access.own-500') });
  show('d005', { signals: seen('edge.origin-answered-5xx','nginx.recv-reset-header','access.no-answer-502','fpm.child-kill','kernel.oom-kill','kernel.oom-invoked') });
  show('d035', { signals: { ...seen('edge.origin-answered-5xx','access.no-answer-502'),'nginx.recv-reset-header': .8 } });
  show('premature+intermittent+onemethod', { signals: seen('nginx.premature-header','access.no-answer-502','derived.intermittent','derived.one-method','derived.instant') });
  show('premature+intermittent', { signals: seen('nginx.premature-header','access.no-answer-502','derived.intermittent') });
  show('unit.exited+premature', { signals: seen('nginx.premature-header','access.no-answer-502','unit.exited','unit.restart-scheduled','edge.origin-answered-5xx') });
  show('refused+restarted+exited', { signals: seen('nginx.connect-refused','derived.app-restarted','unit.exited','unit.restart-scheduled','app.crash') });
  show('fpm reload', { signals: seen('fpm.reloading','fpm.ready','fpm.running') });
  show('tunnel nginx down', { madeBy: 'tunnel', signals: seen('cloudflared.inner-refused','derived.proxy-down','unit.stopped') });
  show('apache refused', { signals: seen('apache.backend-refused') });
  for (const id of process.env.DUMP?.split(',') ?? []) {
    const c = C.find((x) => x.id === id);
    if (!c) continue;
    const f = factsOf({ signals: {}, total: 1484, failed: 357, failedMedianMs: 30012, top: { upstream: '127.0.0.1:3000', host: 'shop.example.com', path: '/checkout' } });
    console.log('#', c.title, '\n', textOf(c.summary, f));
    for (const s of c.fix) console.log(' -', textOf(s.text, f), '\n   $', s.command ? textOf(s.command, f) : '', '\n   >', s.config ? textOf(s.config, f) : '', '\n   ', s.computedFrom ? textOf(s.computedFrom, f) : '', '! ', s.risk);
    for (const m of c.missing) console.log(' ?', m.what, '|', m.command ? textOf(m.command, f) : null);
  }
});
