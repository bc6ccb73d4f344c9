import { messageOf, Problem } from '../../schemas/problem.ts';
import { engineProblem, isMissing, isUnreachable } from './engine-error.ts';

/** How long a pull or derivation that found no room waits before the next look, in milliseconds. */
export const diskFullRetryMs = 5 * 60_000;

const limited = /toomanyrequests|too many requests|HTTP (?:response |status:? ?)?429/i;
const full = /no space left on device/i;
/**
 * Faults of the network, of what stands in front of the registry, or of an expired log-in. Such texts may go on with an
 * answer that says `not found` or `denied`; image names, which they quote, hold neither spaces nor capitals.
 */
const passing =
  /dial tcp|no such host|i\/o timeout|timed out|imeout exceeded|deadline exceeded|connection re(?:fused|set)|\bEOF\b|TLS handshake|(?:tls|x509): |unexpected (?:HTTP )?status|error parsing HTTP|has expired/;
const denied = /unauthorized|(?<!permission )\bdenied\b|no basic auth credentials|authentication required|incorrect username or password/i;
const absent =
  /manifest unknown|name unknown|(?:manifest|repository|name) .*not found|: not found$|no matching manifest|does not match the specified platform|invalid reference/i;

/** Whether an engine's message passes on that the registry allows no more pulls for now. */
export function isRateLimit(text: string): boolean {
  return limited.test(text);
}

const unitMs: Record<string, number> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const longestRequestMs = 6 * 3_600_000;

/**
 * How long a registry wants to be left alone, in milliseconds. The engine does not pass on the Retry-After header, but
 * several registries repeat it in their message, as seconds or in Go's notation: `retry-after: 1m30s`.
 */
export function requestedWaitMs(text: string): number | undefined {
  const value = /retry-after[:=]? *((?:\d{1,9}(?:\.\d{1,9})?(?:ns|us|µs|ms|s|m|h)?){1,4})/i.exec(text)?.[1];
  if (value === undefined) return undefined;
  const parts = [...value.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)?/gi)];
  const ms = parts.reduce((sum, [, amount = '0', unit = 's']) => sum + Number(amount) * (unitMs[unit.toLowerCase()] ?? 0), 0);
  return Math.min(longestRequestMs, Math.max(1000, ms));
}

/**
 * Why a pull failed, in Tracemill's words. Engines distinguish the cases by their text alone. What is not clearly
 * about the image or the right to it counts as passing.
 */
export function pullProblem(error: unknown, { name, what, waitMs }: { name: string; what: string; waitMs: number }): Problem {
  if (error instanceof Problem) return error;
  if (isUnreachable(error)) return engineProblem(error, what);
  const text = messageOf(error).trim();
  const said = withoutQueries(text).slice(0, 500);
  const at = `${what}: image ${name}`;
  if (isRateLimit(text)) {
    return new Problem('image_rate_limited', `${at}: its registry allows no more pulls for now: ${said}`, {
      hint: 'log in with `docker login` for a higher limit, or give the engine a mirror that caches; the pull is tried again',
      cause: error,
      retryAfterMs: waitMs,
    });
  }
  if (full.test(text)) {
    return new Problem('disk_full', `${at} does not fit on the engine’s disk: ${said}`, {
      hint: 'make room; the pull is tried again',
      cause: error,
      retryAfterMs: diskFullRetryMs,
    });
  }
  if (passing.test(text)) return failed(at, said, error);
  if (denied.test(text)) {
    return new Problem('image_missing', `${at} is not there, or may not be pulled: ${said}`, {
      hint: 'check the name, log in with `docker login` as the user who runs the worker, then start the campaign again',
      cause: error,
    });
  }
  if (isMissing(error) || absent.test(text)) {
    return new Problem('image_missing', `${at} is neither in the engine nor in its registry: ${said}`, {
      hint: 'check the name, or build the image, then start the campaign again',
      cause: error,
    });
  }
  return failed(at, said, error);
}

function failed(at: string, said: string, cause: unknown): Problem {
  return new Problem('image_pull_failed', `${at} could not be pulled: ${said}`, {
    hint: 'the pull is tried again; if this repeats, look at the way from the engine to the registry',
    cause,
  });
}

/** Addresses of layers are often signed, which makes a query a secret for a while. */
function withoutQueries(text: string): string {
  return text.replace(/\?[^\s"']+/g, '?…');
}
