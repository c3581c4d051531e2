/** The client that the context of an entry of nginx's error log names. */

import { CLIENT_CLOUDFLARE, CLIENT_OTHER, CLIENT_SELF } from '../entry-numbers';
import { RANGES_FOUR, RANGES_SIX } from './entry-layout';
import { digit } from './text-bytes';

const DOT: u8 = 46;
const COLON: u8 = 58;
const LONGEST_ADDRESS: usize = 45;

/** Whose the client is that the context at `at` names (`CLIENT_…`); 0: it is not named plainly. */
@inline
export function clientAt(at: usize): u32 {
  // `, client: `
  if (load<u64>(at) != 0x746e65696c63202c || load<u16>(at + 8) != 0x203a) return 0;
  const from = at + 10;
  return isHexGroup(from) ? six(from) : four(from);
}

/** `, server: ` */
@inline
function isServer(p: usize): bool {
  return load<u64>(p) == 0x726576726573202c && load<u16>(p + 8) == 0x203a;
}

function four(from: usize): u32 {
  let p = from;
  let bits: u32 = 0;
  for (let group = 0; group < 4; group++) {
    if (group > 0 && load<u8>(p++) != DOT) return 0;
    const begin = p;
    let number: u32 = 0;
    while (p - begin < 3 && digit(p) <= 9) number = number * 10 + digit(p++);
    if (p == begin || number > 255) return 0;
    bits = (bits << 8) | number;
  }
  if (!isServer(p)) return 0;
  // `127.0.0.1` is so written.
  if (bits == 0x7f000001) return p - from == 9 ? CLIENT_SELF : 0;
  return clientIn(<usize>RANGES_FOUR, bits);
}

/** Whether a group of an address of version 6 stands there and a colon behind. */
@inline
function isHexGroup(p: usize): bool {
  const end = hexEnd(p);
  return end > p && load<u8>(end) == COLON;
}

@inline
function hexEnd(from: usize): usize {
  let p = from;
  while (p - from < 4 && hexDigit(p) < 16) p++;
  return p;
}

function six(from: usize): u32 {
  let p = from;
  let bits: u32 = 0;
  for (let group = 0; group < 2; group++) {
    const end = hexEnd(p);
    let number: u32 = 0;
    for (; p < end; p++) number = (number << 4) | hexDigit(p);
    if (load<u8>(p++) != COLON) return 0;
    bits = (bits << 16) | number;
  }
  while (p - from <= LONGEST_ADDRESS && (hexDigit(p) < 16 || load<u8>(p) == COLON || load<u8>(p) == DOT)) p++;
  return p - from <= LONGEST_ADDRESS && isServer(p) ? clientIn(<usize>RANGES_SIX, bits) : 0;
}

/** Value of a hexadecimal digit; more than 15 for any other byte. */
@inline
function hexDigit(p: usize): u32 {
  const ten = digit(p);
  if (ten <= 9) return ten;
  const letter = <u8>((load<u8>(p) | 32) - 97);
  return letter < 6 ? 10 + letter : 16;
}

@inline
function clientIn(ranges: usize, bits: u32): u32 {
  const end = ranges + 4 + (<usize>load<u32>(ranges) << 3);
  for (let range = ranges + 4; range < end; range += 8)
    if ((bits & load<u32>(range, 4)) == load<u32>(range)) return CLIENT_CLOUDFLARE;
  return CLIENT_OTHER;
}
