/**
 * Numbers that the kernel of error log entries shares with what stands around it. AssemblyScript compiles this file, too: only
 * whole numbers.
 */

/** Why the kernel stopped: at an entry that is not for it; at one whose kind (`FOUND_KIND`) it does not know yet; it has noted as many as it can. */
export const STOP_ENTRY = 0;
export const STOP_KIND = 1;
export const STOP_FULL = 2;

/** What the kernel has found, in words: where it stopped, entries read, the kind that it does not know, the latest second, lines, entries noted. */
export const FOUND_AT = 0;
export const FOUND_ENTRIES = 1;
export const FOUND_KIND = 2;
export const FOUND_SECOND = 3;
export const FOUND_LINES = 4;
export const FOUND_NOTES = 5;

/** An entry that the sample may want, in words: where it begins and ends, its class, second and sampling hash, and how many lines were read before it. */
export const NOTE_START = 0;
export const NOTE_END = 1;
export const NOTE_CLASS = 2;
export const NOTE_SECOND = 3;
export const NOTE_HASH = 4;
export const NOTE_LINE = 5;
export const NOTE_WORDS = 6;
export const MOST_NOTES = 1024;

/**
 * A kind of entry in one word: the beginning of its message, the step it names, its level and the number of the system's error
 * by their indexes (of all but the level 0 is none), and a bit for each of the words that it may hold.
 */
export const KIND_STEP_SHIFT = 8;
export const KIND_LEVEL_SHIFT = 13;
export const KIND_ERRNO_SHIFT = 16;
export const KIND_WORDS_SHIFT = 22;
export const MOST_WORDS = 8;
/** Of an entry that passes on what an application said the rank of that and 1 stand there, not step, errno and words. */
export const KIND_RANK_SHIFT = 16;
export const MOST_RANKS = 16000;
/** Whose the client is, where a kind hangs on that: the machine itself, Cloudflare, anybody else (0: it does not). */
export const KIND_CLIENT_SHIFT = 30;
export const CLIENT_SELF = 1;
export const CLIENT_CLOUDFLARE = 2;
export const CLIENT_OTHER = 3;
/** Numbers of the system's errors are below. */
export const MOST_ERRNO = 16384;

/** Classes of entries that count alike; entries of class 0 are not for the kernel, what others count as hangs on the client. */
export const CLASSES = 128;
export const ASK_CLIENT = 255;
/** Seconds of a minute, with room. */
export const SECONDS = 64;
export const SECONDS_SHIFT = 6;

/**
 * Texts that are looked for at a place: beginnings of messages, steps, contexts, words in messages, beginnings of further lines of
 * an entry. Texts of two bytes at least that are looked for anywhere in what an application said; their index is their rank.
 */
export const MESSAGES = 0;
export const STEPS = 1;
export const CONTEXTS = 2;
export const WORDS = 3;
export const FURTHER = 4;
export const SAID = 5;
export const LONGEST_TEXT = 80;
