/*
 * What stands below the first line of an application's error: causes, frames of stacks, states of processes. Each belongs to the
 * entry above it. By language, as its runtime prints it; none begins with a time.
 */

const CONTINUATIONS: readonly RegExp[] = [
  // Any: indented lines, ends of objects, empty lines.
  /^(?:\s{1,40}\S|\}|\]|$)/,
  // Java, Python, PHP, .NET and Node: `Caused by: …`, `During handling of …`, `#0 /srv/a.php(3): f()`, `TypeError: …`.
  /^(?:Caused by: |Traceback \(most recent|Stack trace:|#\d{1,4} |The above exception|During handling|[A-Za-z_][\w.$]{0,160}(?:Error|Exception)\b)/,
  // Laravel's sections; Node's and Bluebird's.
  /^(?:\[stacktrace\]$|\[previous exception\] |"\} ?$|Require stack:$|- \/|From previous event:$)/,
  // Go: `goroutine 1 [running]:`, `main.main()`, `net/http.(*conn).serve.func1()`, zap’s frames without brackets, registers.
  /^(?:goroutine \d|\S{1,200}\.go:\d|exit status \d|\[signal SIG|created by |signal arrived during |PC=0x|SIG[A-Z]{3,6}: |r\w{1,5} {1,6}0x[\da-f]{1,16}$)/,
  /^[\w.@~%/-]{2,300}\(.{0,500}\)$/,
  /^[\w.@~-]{1,100}\/[\w.@~/()*-]{3,400}$/,
  // Ruby: `/srv/app/a.rb:3:in `call'`; Rails' lines under the id of their request.
  /^\[[\da-f]{8}-[\da-f-]{27}\] /,
  /^\/\S{1,300}\.rb:\d{1,6}:in [`']/,
  // Rust.
  /^(?:note: (?:run with|Some details) |stack backtrace:$)/,
  // The JVM’s last words.
  /^#(?: |$)/,
  // Elixir and Erlang: `** (exit) …`, `Last message: …`, `(postgrex) lib/postgrex/protocol.ex:473: …`, Plug’s request.
  /^(?:\*\* \(|(?:Last message|State|Function|Args): ?|Server: \S{1,255} \(https?\)$|Request: [A-Z]{3,8} \/|\(\w{1,60}(?: [\d.]{1,20})?\) [\w./-]{1,200}\.(?:exs?|erl):\d)/,
];

/** What Node prints of an error without a name of its own, which may also begin one: `Error: getaddrinfo ENOTFOUND db`, pg's `error: …`. */
const NAMELESS = /^[Ee]rror: \S/;
const NAMED = /^(?:DOMException|[A-Za-z_][\w.$]{0,160}(?:Error|Exception))(?: \[\w{1,80}\])?: \S/;
const NAMED_NUMBER = /^Error \[\w{1,80}\]: \S/;

/** Whether a line names an error in words that do not tell whether it is that of the entry above it. */
export function mayNameError(text: string): boolean {
  return NAMELESS.test(text);
}

/** Whether a line begins with an error: `Error: …`, `TypeError: …`, `redis.exceptions.ConnectionError: …`. */
export function namesError(text: string): boolean {
  return NAMELESS.test(text) || NAMED.test(text) || NAMED_NUMBER.test(text);
}

/** A call of a stack trace whose place is a file of the machine: Node’s, Java’s, Python’s, Ruby’s. */
const FRAMES: readonly RegExp[] = [
  /^ {2,12}at (?:async )?(?:[^\n(]{1,200} \()?(?:node:|file:\/\/\/|\/)[^\n()]{1,400}:\d{1,7}:\d{1,7}\)?(?: \{)?$/,
  /^\t{1,4}at [\w.$/@<>-]{3,300}\([\w$]{1,120}\.(?:java|kt|scala|groovy):\d{1,6}\)/,
  /^ {2,6}File "\/[^"\n]{1,400}", line \d{1,7}, in \S/,
  /^\t{0,2}(?:from )?\/\S{1,400}\.rb:\d{1,6}:in [`']/,
];
/** The same and what may follow it: the end of what Node prints of an error’s fields, the JVM’s count of calls that it left out. */
const AFTER_FRAMES = /^\s{0,40}(?:at \S|[}\]]{1,3},?$|\.{3} \d{1,6} (?:more|lines))/;

/** Whether a line is a call of a stack trace, of a program on this machine. */
export function isFrame(text: string): boolean {
  return FRAMES.some((pattern) => pattern.test(text));
}

/** Whether a line is one with which what belongs to an error may end. */
export function endsFrames(text: string): boolean {
  return AFTER_FRAMES.test(text);
}

/** Whether a line goes on with the error of the entry above it. */
export function continuesTrace(text: string): boolean {
  return CONTINUATIONS.some((pattern) => pattern.test(text));
}
