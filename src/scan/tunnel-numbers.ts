/**
 * Numbers that the kernel of cloudflared's lines shares with what stands around it. AssemblyScript compiles this file, too: only
 * whole numbers.
 */

/** Why the kernel stopped: all was read; a line that is not for it; one that says what it does not know; it has noted as much as it may. */
export const STOP_END = 0;
export const STOP_LINE = 1;
export const STOP_SAID = 2;
export const STOP_FULL = 3;

/** What the kernel has found, in words: where it stopped, lines read, requests noted, classes counted, lines of failed requests noted. */
export const FOUND_AT = 0;
export const FOUND_LINES = 1;
export const FOUND_TALKS = 2;
export const FOUND_CODES = 3;
export const FOUND_HALVES = 4;

/** What lines say: nothing for the kernel; nothing at all; one of the two lines of a failed request. */
export const SAID_OTHER = 0;
export const SAID_NOTHING = 1;
export const SAID_ORIGIN = 2;
export const SAID_TRANSPORT = 3;

/** Fields that matter, by their places in the list of names. */
export const FIELD_ERROR = 0;
export const FIELD_CONNECTION = 1;
export const FIELD_DEST = 2;
export const FIELD_SERVICE = 3;
export const FIELDS = 4;
/** Bytes of a field's name: its length, then its text with the sign of equality. */
export const FIELD_BYTES = 32;
export const FIELD_TEXT = 16;

/** Classes of requests that count alike, and errors that lines may wait for, both counted from 1. */
export const CLASSES = 256;
export const ERRORS = 2048;

/** Longest beginning of a line up to its level. */
export const LONGEST_PREFIX = 304;

/** Bytes of a request that was noted: hash of its address, lengths of address and Ray ID, Ray ID, address. */
export const TALK_BYTES = 128;
export const TALK_LENGTH = 4;
export const TALK_RAY_LENGTH = 8;
export const TALK_RAY = 12;
export const TALK_ADDRESS = 32;
export const LONGEST_ADDRESS = 96;
export const MOST_TALKS = 1024;

/**
 * A line of a failed request that was noted, in words: what it says (`SAID_…`), its class and error, its sampling hash; how many
 * lines were read before it and how many requests had been noted; where it begins and ends, and where its error without the
 * carriers' words does; the character of its connection (0: none); hash of host and path of `dest`, and where they begin and end
 * (0: not named); whether it and the next one are the two of one request.
 */
export const HALF_KIND = 0;
export const HALF_CLASS = 1;
export const HALF_ERROR_ID = 2;
export const HALF_HASH = 3;
export const HALF_LINE = 4;
export const HALF_TALKS = 5;
export const HALF_START = 6;
export const HALF_END = 7;
export const HALF_ERROR_START = 8;
export const HALF_ERROR_END = 9;
export const HALF_CONNECTION = 10;
export const HALF_ADDRESS = 11;
export const HALF_ADDRESS_START = 12;
export const HALF_ADDRESS_END = 13;
export const HALF_PAIRED = 14;
export const HALF_WORDS = 16;
export const MOST_HALVES = 768;

/** Longest error, with its quotes. */
export const LONGEST_ERROR = 4000;
