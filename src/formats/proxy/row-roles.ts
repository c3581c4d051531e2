/** What the fields of a row tell, whatever their names and places are: the layouts that `LearnedRow` learns give each field one. */

/** When the answer was given, in words. */
export const ROLE_TIME = 0;
/** The same in seconds since 1970, as nginx writes it. */
export const ROLE_MSEC = 1;
/** The same, as Caddy writes it. */
export const ROLE_EPOCH = 2;
/** When the request came, in words, and how many nanoseconds it took. */
export const ROLE_BEGIN = 3;
export const ROLE_NANOSECONDS = 4;
export const ROLE_STATUS = 5;
export const ROLE_REQUEST = 6;
export const ROLE_METHOD = 7;
export const ROLE_URI = 8;
export const ROLE_RAY = 9;
export const ROLE_UPSTREAM_STATUS = 10;
export const ROLE_HEADER_TIME = 11;
export const ROLE_ADDRESS = 12;
export const ROLE_CONNECT_TIME = 13;
export const ROLE_RESPONSE_TIME = 14;
export const ROLE_SECONDS = 15;
export const ROLE_MILLISECONDS = 16;
export const ROLE_MICROSECONDS = 17;
/** Its name means one thing or another, as its value tells. */
export const ROLE_UNCLEAR = 18;
/** Status that the origin gave, length of the answer, and how many seconds it took: numbers. */
export const ROLE_ORIGIN_STATUS = 19;
export const ROLE_SIZE = 20;
export const ROLE_DURATION = 21;
/** Header fields by their names, in objects that are not opened. */
export const ROLE_HEADERS = 22;
export const ROLE_ANSWER_HEADERS = 23;
/** So many roles have values that are read. */
export const ROLES = 24;
/** A text that is the same in all rows of a layout. */
export const ROLE_FIXED = 24;
/** Without a name, where a value counts that has the shape of a Ray ID: in this place, or in none. */
export const ROLE_BARE_RAY = 25;
export const ROLE_BARE = 26;
export const ROLE_OTHER = 27;
