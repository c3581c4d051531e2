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
  /^(?:[\w-]{1,60} \([\w.-]{1,40}\) )?(?:app|lib)\/[\w./-]{1,200}\.rb:\d{1,6}:in [`']/,
  // Rust; Vaultwarden and what stands in brackets below it.
  /^(?:note: (?:run with|Some details) |stack backtrace:$|\[CAUSE\] \S|\)$)/,
  // The JVM’s last words.
  /^#(?: |$)/,
  // Ghost (`PrettyStream`): what it knows of an error, before its stack.
  /^(?:(?:NAME|CODE|MESSAGE): \S|level: ?normal$|Error (?:ID|Code|Context):$|-{40}$)/,
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
const PLACED_FRAMES: readonly RegExp[] = [
  /^ {2,12}at (?:async )?(?:[^\n(]{1,200} \()?(?:node:|file:\/\/\/|\/)[^\n()]{1,400}:\d{1,7}:\d{1,7}\)?(?: \{)?$/,
  /^\t{1,4}at [\w.$/@<>-]{3,300}\([\w$]{1,120}\.(?:java|kt|scala|groovy):\d{1,6}\)/,
  /^ {2,6}File "\/[^"\n]{1,400}", line \d{1,7}, in \S/,
  /^\t{0,2}(?:from )?\/\S{1,400}\.rb:\d{1,6}:in [`']/,
];
/** Whether a line is a call of a stack trace, of a program on this machine. */
export function isPlacedFrame(text: string): boolean {
  return PLACED_FRAMES.some((pattern) => pattern.test(text));
}

/** A frame of a stack as Node, the JVM and .NET print it: `    at Pool.query (/srv/app/db.js:3:7)`, `\tat org.example.A.b(A.java:7)`. */
const FRAME = /^\s{1,16}at (?:async )?[\w$<#*@/[.]\S{0,300}(?: |$|\()/;
/** What Node and the JVM print below the frames: properties in braces, how many frames are the same. */
const BELOW_FRAMES = /^(?:[}\]]{1,3},?$|\s{1,16}(?:\w{1,40}: |\[\w{1,20}\]: |\}|\]|\.\.\. \d{1,6} (?:more|lines)))/;

/** Koa indents all that it prints by two; what stands further in belongs to the error above it. */
const MARGIN = /^ {0,2}(?=\S)/;

/** The line without its margin, where it names an error of its own; undefined where it does not. */
export function ownError(text: string): string | undefined {
  const margin = MARGIN.exec(text)?.[0].length;
  if (margin === undefined) return undefined;
  const rest = text.slice(margin);
  return namesError(rest) ? rest : undefined;
}

/** Whether a line is a frame of a stack. */
export function isFrame(text: string): boolean {
  return FRAME.test(text);
}

/** Whether a line below the frames of an error still belongs to it, and nothing of another one stands before its end. */
export function closesError(text: string): boolean {
  return BELOW_FRAMES.test(text);
}

/** Whether a line goes on with the error of the entry above it. */
export function continuesTrace(text: string): boolean {
  return CONTINUATIONS.some((pattern) => pattern.test(text));
}
