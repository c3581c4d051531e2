import { parseArgs } from 'node:util';
import { FORMATS } from '../../src/formats/registry.ts';
import { openRedaction } from '../../src/result/redact.ts';
import { CANARIES, ENCODINGS, RARE_ENCODINGS } from '../result/canaries.ts';
import { fieldsOf } from '../result/plantings.ts';
import { reveals } from '../result/reveals.ts';

const ALL = [...ENCODINGS, ...RARE_ENCODINGS];

const USAGE = `npm run canaries -- [--encoding <name>]... [--format <id>]...

Plants every kind of secret (test/result/canaries.ts) in every field of every format's examples, one at a time, masks the
line, and lists each secret that can still be read in it. Takes minutes for each encoding; exits with 1 on a leak.

  --encoding    ${ALL.map(([name]) => `"${name}"`).join(', ')}; all if not given
  --format      the id of a format (whose502 formats); all if not given
`;

const { values } = parseArgs({
  options: {
    encoding: { type: 'string', multiple: true },
    format: { type: 'string', multiple: true },
    help: { type: 'boolean' },
  },
});
const encodings = ALL.filter(([name]) => values.encoding?.includes(name) ?? true);
const formats = FORMATS.filter(({ id }) => values.format?.includes(id) ?? true);

if (values.help || encodings.length === 0 || formats.length === 0) process.stdout.write(USAGE);
else
  for (const [name, encode] of encodings) {
    let planted = 0;
    let leaks = 0;
    for (const { id, examples } of formats)
      for (const [example, { input }] of examples().entries())
        for (const [field, put] of fieldsOf(input).entries())
          for (const [kind, text, secret] of CANARIES) {
            planted += 1;
            const line = put(encode(text));
            const redaction = openRedaction();
            redaction.see(line);
            const masked = redaction.mask(line);
            if (!reveals(masked, secret)) continue;
            leaks += 1;
            process.stdout.write(`${id}, example ${example + 1}, field ${field + 1}: ${kind}, ${name}\n`);
          }
    process.stdout.write(`${name}: ${planted} planted, ${leaks} leaked\n`);
    if (leaks > 0) process.exitCode = 1;
  }
