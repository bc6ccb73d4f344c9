import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { messageOf, Problem } from '../../schemas/problem.ts';
import { describeServer, type TemporalServer } from './server.ts';

/** What a gRPC client says first: the preface of HTTP/2 and an empty SETTINGS frame, which the server answers with its own. */
const greeting = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])]);
const frameHeaderBytes = 9;
const settingsFrame = 4;

/**
 * Asks whether something that speaks gRPC answers, and lets these settings in: gRPC itself tries a refused connection again until its
 * time is up and then says little. Resolves when it does. Throws `Problem`
 * - temporal_unreachable: nobody listens there, or nobody answers within `timeoutMs`;
 * - temporal_tls_mismatch: one side speaks TLS, the other does not;
 * - temporal_certificate_untrusted: the server’s certificate is not one to trust, by name, authority or date;
 * - temporal_client_certificate_refused: the server wants a client certificate, or another one.
 */
export async function probe(server: TemporalServer, timeoutMs: number): Promise<void> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const socket = open(server);
  try {
    await answered(server, socket, deadline);
  } finally {
    socket.destroy();
  }
}

function open({ address, access: { tls } }: TemporalServer): Socket | TLSSocket {
  const separator = address.lastIndexOf(':');
  const host = address.slice(0, separator).replace(/^\[|\]$/g, '');
  const port = Number(address.slice(separator + 1));
  if (tls === false) return connectPlain({ host, port });
  const { serverRootCACertificate, clientCertPair, serverNameOverride } = tls === true ? {} : tls;
  const options: ConnectionOptions = {
    host,
    port,
    ALPNProtocols: ['h2'],
    ...(serverRootCACertificate && { ca: Buffer.from(serverRootCACertificate) }),
    ...(clientCertPair && { cert: Buffer.from(clientCertPair.crt), key: Buffer.from(clientCertPair.key) }),
    ...(serverNameOverride && { servername: serverNameOverride }),
  };
  return connectTls(options);
}

function answered(server: TemporalServer, socket: Socket | TLSSocket, deadline: AbortSignal): Promise<void> {
  const tls = server.access.tls !== false;
  let stage: 'connecting' | 'shaking hands' | 'greeted' = 'connecting';
  let received = Buffer.alloc(0);
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(explain(server, stage, error));
    deadline.addEventListener('abort', () => fail(new Error('no answer in time')), { once: true });
    socket.once('connect', () => {
      stage = 'shaking hands';
    });
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      stage = 'greeted';
      socket.write(greeting);
    });
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      if (received.byteLength < frameHeaderBytes && received[0] === 0) return;
      if (received[3] === settingsFrame) resolve();
      else fail(new Error('what answers there speaks no gRPC'));
    });
    socket.once('error', fail);
    socket.once('close', () => fail(new Error('the connection was closed')));
  });
}

function explain(server: TemporalServer, stage: 'connecting' | 'shaking hands' | 'greeted', error: unknown): Problem {
  const { tls } = server.access;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const at = describeServer(server);
  const why = messageOf(error);
  const problem = (name: string, message: string, hint: string) => new Problem(name, message, { cause: error, hint });
  // The home's own server is one that we started: any error while it starts or stops means that it is not there.
  if (stage === 'connecting' || server.namedBy === undefined || (why === 'no answer in time' && stage === 'shaking hands')) {
    return unreachable(server, error);
  }
  if (tls === false) {
    return problem(
      'temporal_tls_mismatch',
      `what answers at ${at} speaks no gRPC in plain text: ${why}`,
      'it may want TLS: set TEMPORAL_TLS=true, or see whether the address is right',
    );
  }
  // The alert of a server about the client’s certificate may come before the handshake has ended or, with TLS 1.3, after it.
  if (stage === 'greeted' || /ALERT_(BAD|CERTIFICATE|UNKNOWN_CA|UNSUPPORTED|NO_CERTIFICATE|ACCESS|HANDSHAKE)/.test(code)) {
    const own = tls !== true && tls.clientCertPair !== undefined && tls.clientCertPair !== null;
    return problem(
      'temporal_client_certificate_refused',
      own
        ? `the Temporal server at ${at} refuses the client certificate: ${why}`
        : `the Temporal server at ${at} wants a client certificate: ${why}`,
      `${own ? 'give one that it knows' : 'give one'}: TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH, or a profile’s client_cert_path and client_key_path`,
    );
  }
  if (code === 'EPROTO' || /WRONG_VERSION_NUMBER|PACKET_LENGTH/.test(code)) {
    return problem(
      'temporal_tls_mismatch',
      `what answers at ${at} speaks no TLS: ${why}`,
      'unset TEMPORAL_TLS* and TEMPORAL_API_KEY, or see whether the address is right',
    );
  }
  return problem(
    'temporal_certificate_untrusted',
    `the certificate of the Temporal server at ${at} is not trusted: ${why}`,
    'name its certificate authority in TEMPORAL_TLS_SERVER_CA_CERT_PATH (or the profile’s server_ca_cert_path), and in TEMPORAL_TLS_SERVER_NAME the name that it is made out to',
  );
}

/** Nobody answers, with what to do about it. */
export function unreachable(server: TemporalServer, cause: unknown): Problem {
  const hint = server.namedBy === undefined ? 'run: tracemill up' : `check ${server.namedBy}, and whether that server runs`;
  return new Problem('temporal_unreachable', `no Temporal server answers at ${describeServer(server)}`, { cause, hint });
}
