/**
 * Numbers that the kernel of access rows shares with what stands around it. AssemblyScript compiles this file, too: only
 * whole numbers.
 */

/** What a field means for a row that is only counted. */
/** Nothing, but it must end where the tokenizer ends it. */
export const ROLE_OTHER = 0;
/** A field without name; a Ray ID in it would be taken for the request's. */
export const ROLE_BARE = 1;
export const ROLE_RAY = 2;
export const ROLE_UPSTREAM_STATUS = 3;
export const ROLE_HEADER_TIME = 4;
export const ROLE_HOST = 5;
export const ROLE_SERVER_NAME = 6;
export const ROLE_STATUS = 7;
/** A field without name that held a Ray ID. */
export const ROLE_BARE_RAY = 8;
/** A field without name that must be a number, else others of the row mean something else. */
export const ROLE_NUMBER = 9;
/** Fields that only some rows are asked for: the upstream's address, how many seconds the request took, and those until it was connected. */
export const FIRST_ASKED = 10;
export const ROLE_ADDRESS = 10;
export const ROLE_SECONDS = 11;
export const ROLE_CONNECT = 12;
export const ASKED_ROLES = 3;

/** How a row with a status is counted: as good; as refused, of which its status tells all; as its outcome tells (`outcome`). */
export const KIND_ORDINARY = 0;
export const KIND_REFUSED = 1;
export const KIND_TOLD = 2;
/** Statuses that may need their outcome begin here and end with 599. */
export const FIRST_TOLD = 400;

/** What the upstream of such a row said: not logged; nothing; the same status; another; one below 100. */
export const UPSTREAM_ABSENT = 0;
export const UPSTREAM_NONE = 1;
export const UPSTREAM_SAME = 2;
export const UPSTREAM_OTHER = 3;
export const UPSTREAM_LOW = 4;
/** When its answer began: not logged; never; at a time. Where it is not logged, when it was connected: never; at a time; more than these tell. */
export const HEADER_ABSENT = 0;
export const HEADER_NONE = 1;
export const HEADER_CAME = 2;
export const CONNECT_NONE = 3;
export const CONNECT_CAME = 4;
export const CONNECT_UNKNOWN = 5;
export const HEADERS = 6;
/** Who the upstream was: not logged; nobody; a peer, with its port or as a socket; a name without port, as groups have; more than these tell. */
export const ADDRESS_ABSENT = 0;
export const ADDRESS_NONE = 1;
export const ADDRESS_PEER = 2;
export const ADDRESS_GROUP = 3;
export const ADDRESS_UNKNOWN = 4;
export const ADDRESSES = 5;
/** How long the request took: not logged; no number; less than 100 s; more than these tell. */
export const TOOK_ABSENT = 0;
export const TOOK_NONE = 1;
export const TOOK_SHORT = 2;
export const TOOK_UNKNOWN = 3;
export const TOOKS = 4;
/** What was asked for: begins with no backslash; TLS on a plain port; more than these tell. */
export const REQUEST_PLAIN = 0;
export const REQUEST_TLS = 1;
export const REQUEST_UNKNOWN = 2;
export const REQUESTS = 3;
/** What all of them come to: a number of digits in these bases, `(((upstream * HEADERS + header) * ADDRESSES + address) * TOOKS + took) * REQUESTS + request`. */
export const OUTCOMES = 1800;
/** What is known of an outcome: nothing yet; that it is left to the reader; else 1 + 2 * signal + whether the upstream was reached. */
export const TOLD_NOTHING = 0;
export const TOLD_LEFT = 255;
/** A code that rows are counted by: signal (0: none, so that the row is ordinary), status, whether the upstream was reached. */
export const CODE_SIGNAL_SHIFT = 11;
export const CODE_SIGNALS = 16;
/**
 * What the kernel has found goes into entries, in the order in which each came first. Rows of one second that are counted
 * together: in words, their code with the second of the minute above it; how many. A single row, which takes several entries:
 * its code with second, place of its layout and a mark above it; how many rows came before it; where it begins and ends
 * without its line feed; its sampling hash.
 */
export const ENTRY_BYTES = 8;
export const ENTRY_SECOND_SHIFT = 16;
export const ENTRY_LAYOUT_SHIFT = 24;
export const ENTRY_ROWS = 1;
export const ENTRY_START = 2;
export const ENTRY_END = 3;
export const ENTRY_HASH = 4;
export const MOST_ENTRIES = 8192;
export const ROW_ENTRIES = 3;
/** Marks of a single row: that it is one; that its reader must read it. */
export const ENTRY_IS_ROW = 0x80000000;
export const ENTRY_UNSURE = 0x40000000;

/** Why the kernel stopped: all was read; a row that it does not know; a row of another minute; one whose outcome is open; no entry is left. */
export const STOP_END = 0;
export const STOP_ROW = 1;
export const STOP_TIME = 2;
export const STOP_OPEN = 3;
export const STOP_FULL = 4;

/** Bytes of a layout: how many fields, whether the request stands in one of them, how many are plain ones (`Layout`), where the field lies at which its tails begin (0: they tell too little), a bit for each role from `FIRST_ASKED` on whose value no single field tells; then its fields. */
export const LAYOUT_BYTES = 6144;
export const LAYOUT_FIELDS = 0;
export const LAYOUT_NAMES_REQUEST = 4;
export const LAYOUT_PLAIN_FIELDS = 8;
export const LAYOUT_TAIL_AT = 12;
export const LAYOUT_UNCLEAR = 16;
export const LAYOUT_FIRST_FIELD = 32;
/** Bytes of a field: length of its lead, how it ends (a quote, a bracket; 0: before a blank; a comma: so, too, and it may be a list), its role; its lead and the mask of its bytes. */
export const FIELD_BYTES = 80;
export const FIELD_LEAD_LENGTH = 0;
export const FIELD_CLOSING = 4;
export const FIELD_ROLE = 8;
export const FIELD_LEAD = 16;
export const FIELD_MASK = 48;
export const LONGEST_LEAD = 32;

/** What the kernel has found, in words: where it stopped, rows counted, where another time stands, how many entries were made, the open status and outcome. */
export const FOUND_AT = 0;
export const FOUND_ROWS = 1;
export const FOUND_TIME_AT = 2;
export const FOUND_ENTRIES = 3;
export const FOUND_STATUS = 4;
export const FOUND_OUTCOME = 5;
