/** Libraries by which a program answers its own requests, and lets none out. */
const cutsOff =
  /\bdisableNetConnect\s*\(|\bdisable_net_connect!|@responses\.activate\b|\bresponses\.(?:start|activate)\b|\bresponses\.RequestsMock\s*\(|\bhttpretty\.(?:enable|activate|httprettified)\b[^\n]*allow_net_connect\s*=\s*False|\brequests_mock\.(?:Mocker|mock)\s*\(|\brespx\.mock\b|\bhttpx\.MockTransport\s*\(|\bhttpmock\.Activate\b|\bgock\.(?:New|Intercept)\w*\(|\bonUnhandledRequest\s*:\s*["']error["']|\bMockHandler\s*\(\s*\[|\bHttp::(?:fake|preventStrayRequests)\s*\(/;
const letsOut = /\benableNetConnect\b|\ballow_net_connect\b!|\bpassthru\b|\bpass_?[tT]hrough\b|\breal_http\s*=\s*True|\ballow\s*:/;

/** Whether a program answers the requests that it makes by itself, so that nothing is asked outside. */
export function cutsOffNetwork(source: string): boolean {
  return cutsOff.test(source) && !letsOut.test(source);
}
