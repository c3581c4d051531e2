/** What PHP was waiting for, told by the innermost functions of its stack (reference: php-fpm section 4). */
export type WaitsFor = 'http' | 'database' | 'session' | 'lock' | 'sleep' | 'cpu' | 'other';

/** First match wins; names as the slow log writes them, without class. */
const FUNCTIONS: readonly (readonly [WaitsFor, RegExp])[] = [
  [
    'http',
    /^(?:curl_(?:exec|multi_exec|multi_select)|p?fsockopen|stream_socket_client|stream_select|socket_\w+|file_get_contents|fopen|fread|fgets|stream_get_contents|stream_get_line|gethostbyname\w*|dns_\w+|__doRequest|__soapCall|mail|ftp_\w+|ldap_\w+|imap_\w+|wp_remote_\w+)$/,
  ],
  [
    'database',
    /^(?:mysqli?_\w+|pg_\w+|oci_\w+|sqlsrv_\w+|odbc_\w+|query|real_query|execute|real_connect|multi_query|prepare|executeQuery|executeBulkWrite|executeCommand)$/,
  ],
  ['session', /^session_\w+$/],
  ['lock', /^(?:flock|sem_acquire|shm_\w+)$/],
  ['sleep', /^(?:sleep|usleep|time_nanosleep|time_sleep_until)$/],
  [
    'cpu',
    /^(?:preg_\w+|image\w+|json_\w+|serialize|unserialize|hash\w*|password_\w+|md5\w*|sha1\w*|crc32|gz\w+|str_\w+|array_\w+|u?k?sort|range|openssl_\w+|simplexml_\w+|loadHTML|loadXML|mb_\w+|levenshtein|similar_text|base64_\w+)$/,
  ],
];

/** How far into the stack to look: callers of a waiting function say nothing new. */
const INNER_FRAMES = 3;

/** The kind of wait; `other` where no function of the innermost frames is known. */
export function waitsFor(functions: readonly string[]): WaitsFor {
  for (const name of functions.slice(0, INNER_FRAMES)) {
    for (const [kind, pattern] of FUNCTIONS) if (pattern.test(name)) return kind;
  }
  return 'other';
}
