/**
 * Numbers that the kernel of cloudflared's lines shares with what stands around it. AssemblyScript compiles this file, too: only
 * whole numbers.
 */

/** Why the kernel stopped: all was read; a line that is not for it; one that says what it does not know; its memory of requests is full. */
export const STOP_END = 0;
export const STOP_LINE = 1;
export const STOP_SAID = 2;
export const STOP_FULL = 3;

/** What the kernel has found, in words: where it stopped, lines read, requests noted, classes counted. */
export const FOUND_AT = 0;
export const FOUND_LINES = 1;
export const FOUND_TALKS = 2;
export const FOUND_CODES = 3;

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
