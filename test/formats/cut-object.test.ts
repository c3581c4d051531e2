import { describe, expect, it } from 'vitest';
import { wholeMembers } from '../../src/formats/cut-object.ts';

describe('an object that was cut off', () => {
  it('keeps the members that stand whole', () => {
    expect(wholeMembers('{"a":"x, {y","b":[1,2],"c":{"d":1,"e":')).toEqual({ a: 'x, {y', b: [1, 2] });
    expect(wholeMembers('{"a":"\\",","b":"cut')).toEqual({ a: '",' });
  });

  it('is none where the object ends, or where its first member does not', () => {
    expect(wholeMembers('{"a":1,"b":2}')).toBeNull();
    expect(wholeMembers('{"a":"cut')).toBeNull();
    expect(wholeMembers('{"a":1 "b":2,')).toBeNull();
    expect(wholeMembers('')).toBeNull();
  });
});
