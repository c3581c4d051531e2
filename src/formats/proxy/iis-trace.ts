import { NO_STAMP } from '../../vocabulary/records.ts';
import { entryFields, LONGEST_MATCHED } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { winHttpSignal } from './iis.ts';

/*
 * What IIS’s failed request tracing (FREB) says of the module that answered with an error: the event
 * MODULE_SET_RESPONSE_ERROR_STATUS, as its page shows it and people copy it. The code is WinHTTP’s as an HRESULT, a number or
 * in brackets behind its text. Source: Microsoft’s documentation of the event; public reports.
 */
const ERROR_STATUS =
  /\bModuleName="(?<module>[^"]{1,100})", Notification="[^"]{1,60}", HttpStatus="(?<status>5\d\d)", HttpReason="[^"]{0,200}", HttpSubStatus="\d{1,5}", ErrorCode="(?:(?<number>\d{1,10})"|[^"]{0,300}?(?:\(0x(?<hex>[\da-fA-F]{8})\)|$))/;
/** Other events that the page shows among them. */
const EVENT = /\b(?:HeaderName="[^"]{1,200}", HeaderValue="|ModuleName="[^"]{1,100}", Notification=")/;

class IisTraceParser implements LineParser {
  private readonly emit: Emit;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const text = line.text.slice(0, LONGEST_MATCHED);
    const { module, status, number, hex } = ERROR_STATUS.exec(text)?.groups ?? {};
    if (status === undefined) return EVENT.test(text);
    const code = hex === undefined ? Number(number ?? 0) : Number.parseInt(hex, 16);
    this.emit({
      kind: 'clue',
      hop: 'proxy',
      signal: winHttpSignal(code) ?? (status === '502' ? 'access.no-answer-502' : 'access.5xx'),
      ...entryFields(line, NO_STAMP),
      values: { program: 'IIS', status: Number(status), module: module ?? '' },
    });
    return true;
  }

  end(): void {}
}

const examples = (): readonly Example[] => [
  {
    shows: 'an application that did not answer within two minutes',
    input:
      '93. | MODULE_SET_RESPONSE_ERROR_STATUSWarning | ModuleName="AspNetCoreModule", Notification="EXECUTE_REQUEST_HANDLER", HttpStatus="502", HttpReason="Bad Gateway", HttpSubStatus="3", ErrorCode="2147954402", ConfigExceptionInfo="" | 08:14:38.104',
    records: [{ kind: 'clue', hop: 'proxy', signal: 'proxy.backend-timeout', stamp: NO_STAMP }],
  },
  {
    shows: 'a backend that refuses connections',
    input:
      'ModuleName="ApplicationRequestRouting", Notification="EXECUTE_REQUEST_HANDLER", HttpStatus="502", HttpReason="Bad Gateway", HttpSubStatus="3", ErrorCode="A connection with the server could not be established (0x80072efd)", ConfigExceptionInfo=""',
    records: [{ signal: 'proxy.backend-refused' }],
  },
];

/** Failed request tracing of IIS. */
export const iisTrace: LineFormat = {
  id: 'iis-trace',
  title: 'Microsoft IIS failed request trace',
  shape: 'lines',
  hop: 'proxy',
  foundAt: ['C:\\inetpub\\logs\\FailedReqLogFiles\\W3SVC1\\fr000001.xml, opened in a browser (Request Details)'],
  limits: ['Only the event that set the error is read; its time has no day.'],
  examples,
  score: ({ text }) => (ERROR_STATUS.test(text.slice(0, LONGEST_MATCHED)) ? 0.9 : 0),
  open: (emit) => new IisTraceParser(emit),
};
