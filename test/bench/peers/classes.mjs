/**
 * What the lines of an error log say, for the peers: a text that the line holds, and whether such a line stands for a failed
 * request. The first that fits wins. All peers are given the same list, so that they do the same work.
 */
export const CLASSES = {
  error: [
    ['connect() failed (111', true],
    ['connect() failed (113', true],
    ['timed out) while reading response header', true],
    ['timed out) while connecting', true],
    ['upstream prematurely closed', true],
    ['reset by peer) while reading response header', true],
    ['upstream sent too big header', true],
    ['no live upstreams', true],
    ['sock failed (2:', true],
    ['sock failed (13:', true],
    ['sock failed (11:', true],
    ['certificate verify error', true],
    ['PHP Fatal error', false],
    ['PHP Warning', false],
    ['open() "', false],
    ['access forbidden', false],
    ['directory index of', false],
    ['upstream response is buffered', false],
    ['client request body is buffered', false],
    ['too large body', false],
    ['client prematurely closed', false],
    ['closed keepalive', false],
    ['closed connection while waiting', false],
    ['SSL_do_handshake()', false],
    ['reset by peer) while waiting', false],
  ],
  cloudflared: [
    ['connection refused', true],
    ['i/o timeout', true],
    [': EOF', true],
    ['connection reset by peer', true],
    ['no such host', true],
    ['x509:', true],
    ['canceled by remote', false],
    [' DBG GET ', false],
    [' DBG 200 ', false],
    ['Registered tunnel', false],
    ['Retrying connection', false],
    ['Your version', false],
    ['ICMP proxy', false],
  ],
};

/** The fields to be taken from each line: as a regular expression with one group. */
export const FIELDS = {
  error: [', client: ([^,]*)', ', upstream: "([^"]*)"', ', request: "([^"]*)"'],
  cloudflared: [' dest=([^ ]*)', ' originService=([^ ]*)', ' ip=([^ ]*)'],
};
