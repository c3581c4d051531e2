/**
 * Numbers that the kernel of the row scanner shares with what stands around it. AssemblyScript compiles this file, too: only
 * whole numbers.
 */

/** Words of a listed row: its kind, its id and its time in milliseconds since 1970, of both the high word first. */
export const LISTED_KIND = 0;
export const LISTED_ID = 1;
export const LISTED_MS = 3;
export const LISTED_WORDS = 5;
export const MOST_LISTED = 512;

/**
 * Words of a node of the tree of kinds, in which the values of a row's columns lead from node to node: the value that leads to
 * it (0: the row lacks the column; where it was asked how long the request took, whether so long), the next node below the same one, the column asked for next (0: none), the first node below
 * it and the one gone to last (addresses in bytes), what rows are that get no further, how often one was to be put below, and
 * the milliseconds asked for instead of a column.
 */
export const NODE_VALUE = 0;
export const NODE_SIBLING = 1;
export const NODE_COLUMN = 2;
export const NODE_CHILD = 3;
export const NODE_LATEST = 4;
export const NODE_MEANING = 5;
export const NODE_TRIED = 6;
export const NODE_MS = 7;
export const NODE_WORDS = 8;

/** Stands for a column where it is asked whether the request took so many milliseconds. */
export const LASTED = 4;

/** What rows are: to be taught; not for the scanner; else four times the number of a kind, and how it is sampled. */
export const UNKNOWN = 0;
export const CLOSED = 1;
export const SAMPLED_ORDINARY = 0;
export const SAMPLED_FAILED = 1;
export const SAMPLED_REFUSED = 2;
export const SAMPLED_NEVER = 3;
