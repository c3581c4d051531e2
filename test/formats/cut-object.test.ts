import { describe, expect, it } from 'vitest';
import { closedJson, wholeMembers } from '../../src/formats/cut-object.ts';

describe('an object that was cut off', () => {
  it('keeps the members that stand whole', () => {
    expect(wholeMembers('{"a":"x, {y","b":[1,2],"c":{"d":1,"e":')).toEqual({ a: 'x, {y', b: [1, 2] });
    expect(wholeMembers('{"a":"\\",","b":"cut')).toEqual({ a: '",' });
    expect(wholeMembers('{"a":1,"b":"whole"')).toEqual({ a: 1, b: 'whole' });
    expect(wholeMembers('{"a":1,"b"')).toEqual({ a: 1 });
  });

  it('is none where the object ends, or where its first member does not', () => {
    expect(wholeMembers('{"a":1,"b":2}')).toBeNull();
    expect(wholeMembers('{"a":"cut')).toBeNull();
    expect(wholeMembers('{"a":1 "b":2,')).toBeNull();
    expect(wholeMembers('')).toBeNull();
  });

  it('is closed behind what stands whole, at any depth', () => {
    expect(closedJson('{"a":{"b":[1,2],"c":"x","d":')).toBe('{"a":{"b":[1,2],"c":"x"}}');
    expect(closedJson('{"a":[{"b":1},{')).toBe('{"a":[{"b":1}]}');
    expect(closedJson('{"a":1,"b":2}')).toBeNull();
    expect(closedJson('{"a":1]')).toBeNull();
    expect(closedJson('{"a')).toBeNull();
  });
});
