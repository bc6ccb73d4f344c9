import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

/** Who may ask a server for anything. */
export interface Access {
  /** `host:port` as browsers may name the server, in lower case; nothing else is answered. */
  hosts: ReadonlySet<string>;
  /** Without it no request is answered but that for the page itself; null on loopback, where it is not needed. */
  token: string | null;
}

/** Header that a page sets on every request that changes something. A form of another site cannot set it. */
export const changeHeader = 'x-tracemill-change';

const cookieName = 'tracemill';

/** Hosts under which a server at this address and port is reached by its own machine or by the address itself. */
export function hostsOf(host: string, port: number, named: readonly string[] = []): Set<string> {
  const loopback = isLoopback(host) ? ['127.0.0.1', '[::1]', 'localhost'] : [];
  const own = host.includes(':') ? `[${host}]` : host;
  const names = [own, ...loopback, ...named];
  return new Set(names.map((name) => (/:\d+$/.test(name) && !name.endsWith(']') ? name : `${name}:${port}`).toLowerCase()));
}

/** Whether an address is reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Refuses what does not come from the pages themselves: a foreign Host (a name that was rebound to this machine), a foreign
 * Origin or fetch from another site, a change without the header of the pages, and without token what needs one. Holds for
 * every path and method, for paths that do not exist, too.
 */
export function guard({ hosts, token }: Access): MiddlewareHandler {
  return async (context, next) => {
    const refusal = refusalOf(context, hosts);
    if (refusal !== undefined) return context.text(refusal, 403);
    if (token !== null && !isPublic(context) && !isKnown(context, token)) {
      return context.text('this server needs its token: open the address that tracemill printed', 401);
    }
    return await next();
  };
}

/** `POST /session` with the token makes a cookie that scripts cannot read, so that the token is in no address. */
export function openSession(token: string | null): (context: Context) => Promise<Response> {
  return async (context) => {
    if (token === null) return context.body(null, 204);
    const given = bearerOf(context);
    if (given === undefined || !sameText(given, token)) return context.text('the token is wrong', 401);
    setCookie(context, cookieName, sessionOf(token), { httpOnly: true, sameSite: 'Strict', path: '/' });
    return context.body(null, 204);
  };
}

function refusalOf(context: Context, hosts: ReadonlySet<string>): string | undefined {
  const { req } = context;
  const host = req.header('host')?.toLowerCase() ?? '';
  if (!hosts.has(host)) return 'this server is not known under that name';
  const origin = req.header('origin');
  if (origin !== undefined && !hosts.has(hostOfOrigin(origin))) return 'this server answers its own pages alone';
  const site = req.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return 'this server answers its own pages alone: type the address, or open it from a terminal';
  }
  const changes = req.method !== 'GET' && req.method !== 'HEAD';
  if (changes && req.header(changeHeader) !== '1') return `a request that changes something needs the header ${changeHeader}`;
  return undefined;
}

/** `host:port` of an origin; empty for `null` and what is none. Pages come over http; TLS is the business of what stands in front. */
function hostOfOrigin(origin: string): string {
  try {
    const { protocol, hostname, port } = new URL(origin);
    const usual = protocol === 'https:' ? '443' : '80';
    return `${hostname}:${port === '' ? usual : port}`.toLowerCase();
  } catch {
    return '';
  }
}

/** The page and its program hold nothing of the user's. They must load before the token can be shown. */
function isPublic({ req }: Context): boolean {
  return !req.path.startsWith('/data/');
}

function isKnown(context: Context, token: string): boolean {
  const bearer = bearerOf(context);
  if (bearer !== undefined) return sameText(bearer, token);
  const cookie = getCookie(context, cookieName);
  return cookie !== undefined && sameText(cookie, sessionOf(token));
}

function bearerOf({ req }: Context): string | undefined {
  return /^Bearer (\S+)$/i.exec(req.header('authorization') ?? '')?.[1];
}

/** What the cookie holds: not the token itself. */
function sessionOf(token: string): string {
  return createHash('sha256').update(`tracemill session\0${token}`).digest('base64url');
}

function sameText(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
