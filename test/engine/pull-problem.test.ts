import { describe, expect, it } from 'vitest';
import { EngineError } from '../../activities/engine/engine.ts';
import { isRateLimit, pullProblem, requestedWaitMs } from '../../activities/engine/pull-problem.ts';
import type { Problem } from '../../schemas/problem.ts';

const name = 'docker.io/swerebenchv2/rustls-rustls:1912-9da3a1b';

function problemOf(text: string, reason: EngineError['reason'] = 'refused'): Problem {
  return pullProblem(new EngineError(reason, text), { name, what: 'rustls__rustls-1912', waitMs: 90_000 });
}

describe('pullProblem', () => {
  it.each([
    'manifest for swerebenchv2/rustls-rustls:1912-9da3a1b not found: manifest unknown: manifest unknown',
    'failed to resolve reference "docker.io/swerebenchv2/rustls-rustls:1912-9da3a1b": docker.io/swerebenchv2/rustls-rustls:1912-9da3a1b: not found',
    'repository 127.0.0.1:5000/team/widget not found: name unknown: repository name not known to registry',
    'no matching manifest for linux/amd64 in the manifest list entries',
    'image with reference swerebenchv2/rustls-rustls:1912-9da3a1b was found but does not match the specified platform: wanted linux/amd64, actual: linux/arm64',
    "pull access denied for swerebenchv2/rustls-rustls, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    'Head "https://registry.example/v2/team/widget/manifests/1": denied',
    'Head "https://registry.example/v2/team/widget/manifests/1": unauthorized: authentication required',
    'Head "http://127.0.0.1:5000/v2/team/widget/manifests/7": no basic auth credentials',
    'Get "https://registry-1.docker.io/v2/": unauthorized: incorrect username or password',
  ])('takes for missing: %s', (text) => {
    expect(problemOf(text)).toMatchObject({ code: 'image_missing', message: expect.stringContaining('rustls__rustls-1912') });
  });

  it.each([
    'Get "https://registry.example/v2/": dial tcp: lookup registry.example on 10.0.0.2:53: no such host',
    'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: Temporary failure in name resolution',
    'Get "http://127.0.0.1:9/v2/": dial tcp 127.0.0.1:9: connect: connection refused',
    'Get "https://registry.example/v2/": net/http: TLS handshake timeout',
    'Get "https://registry.example/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
    'Get "https://registry.example/v2/": x509: certificate signed by unknown authority',
    'received unexpected HTTP status: 503 Service Unavailable',
    'error parsing HTTP 404 response body: invalid character \'<\' looking for beginning of value: "<html>404 page not found</html>"',
    'error parsing HTTP 403 response body: invalid character \'<\' looking for beginning of value: "<html>Access Denied</html>"',
    'unexpected status from HEAD request to https://registry.example/v2/team/widget/manifests/1: 502 Bad Gateway: not found',
    'denied: Your authorization token has expired. Reauthenticate and try again.',
    'unexpected EOF',
    'context canceled',
    'open /var/lib/docker/tmp/GetImageBlob1: permission denied',
  ])('tries again after: %s', (text) => {
    expect(problemOf(text)).toMatchObject({ code: 'image_pull_failed' });
  });

  it('believes what went wrong on the way, whatever status the engine gives it', () => {
    expect(problemOf('dial tcp: lookup registry.example: no such host', 'missing').code).toBe('image_pull_failed');
    expect(problemOf('no such image', 'missing').code).toBe('image_missing');
  });

  it('distinguishes limits, a full disk and a lost engine', () => {
    expect(problemOf('toomanyrequests: You have reached your unauthenticated pull rate limit.')).toMatchObject({
      code: 'image_rate_limited',
      retryAfterMs: 90_000,
    });
    expect(problemOf('error parsing HTTP 429 response body: unexpected end of JSON input: ""').code).toBe('image_rate_limited');
    expect(problemOf('failed to register layer: write /usr/lib/x.so: no space left on device')).toMatchObject({
      code: 'disk_full',
      retryAfterMs: expect.any(Number),
    });
    expect(problemOf('aborted', 'unreachable').code).toBe('engine_unreachable');
  });

  it('keeps signed addresses to itself, and long answers short', () => {
    const { message } = problemOf(`Get "https://cdn.example/blobs/sha256:1?sig=SECRET&se=1": unexpected EOF ${'x'.repeat(5000)}`);
    expect(message).toContain('https://cdn.example/blobs/sha256:1?…');
    expect(message).not.toContain('SECRET');
    expect(message.length).toBeLessThan(700);
  });
});

describe('requestedWaitMs', () => {
  it.each([
    ['toomanyrequests: retry-after: 1m30.5s, allowed: 44000/minute', 90_500],
    ['429 Too Many Requests, Retry-After: 120', 120_000],
    ['retry-after: 741.432µs, allowed: 10/minute', 1000],
    ['retry-after: 48h', 6 * 3_600_000],
    ['toomanyrequests: Rate exceeded', undefined],
  ])('reads %s', (text, ms) => {
    expect(requestedWaitMs(text)).toBe(ms);
  });
});

describe('isRateLimit', () => {
  it('is not taken in by numbers that look like it', () => {
    expect(isRateLimit('manifest for team/widget:429 not found')).toBe(false);
    expect(isRateLimit('received unexpected HTTP status: 429 Too Many Requests')).toBe(true);
  });
});
