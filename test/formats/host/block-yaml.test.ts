import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBlockYaml } from '../../../src/formats/wrappers/block-yaml.ts';
import { inGoodTime } from '../../in-good-time.ts';

describe('YAML as programs print objects', () => {
  it('has texts in quotes and in blocks over several lines, and lists as deep as their key', () => {
    const text = [
      'items:',
      "- message: 'probe failed: it''s',",
      "    gone'",
      '  note: |-',
      '    one: 1',
      '',
      '    two',
      '  "said": "a \\"b\\" \\',
      '    c"',
      '  nothing: null',
      '  none: {}',
      'kind: List',
    ]
      .join('\n')
      .replace("it''s',", "it''s,");
    expect(parseBlockYaml(text)).toEqual({
      items: [{ message: "probe failed: it's, gone", note: 'one: 1\n\ntwo', said: 'a "b" c', nothing: null, none: {} }],
      kind: 'List',
    });
  });

  it('never throws and always ends, whatever the text is', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom('- ', '-', '  ', 'a: ', 'b:', '"', "'", '|', '>-', '\n', '\n  ', '{}', '\\', '# ', 'x'),
        ),
        (parts) => {
          parseBlockYaml(parts.join(''));
        },
      ),
    );
  });

  it.each(['- ', 'a:\n ', "'", '"', '\n', 'a: b\n', '- - ', ': '])('takes little time over a million of %j', (part) => {
    inGoodTime(() => parseBlockYaml(part.repeat(1_000_000 / part.length)));
  });
});
