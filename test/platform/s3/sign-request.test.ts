import { describe, expect, it } from 'vitest';
import { bucketSettings, parseS3Address } from '../../../platform/s3/bucket-settings.ts';
import { encodeKey, signRequest } from '../../../platform/s3/sign-request.ts';

/** The key of the examples in Amazon's description of the signature. */
const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const at = new Date('2013-05-24T00:00:00Z');
const nothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const signatureOf = (method: string, address: string, headers: Record<string, string>, bodySha256 = nothing) => {
  const signed = signRequest({ method, url: new URL(address), headers, bodySha256 }, credentials, 'us-east-1', at);
  return /Signature=([0-9a-f]+)$/.exec(signed['authorization'] ?? '')?.[1];
};

describe('the signature of a request', () => {
  it('is that of the published examples: an object, a list', () => {
    expect(signatureOf('GET', 'https://examplebucket.s3.amazonaws.com/test.txt', { Range: 'bytes=0-9' })).toBe(
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    );
    expect(signatureOf('GET', 'https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J', {})).toBe(
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    );
  });

  it('carries the token of a session', () => {
    const url = new URL('https://examplebucket.s3.amazonaws.com/x');
    const signed = signRequest({ method: 'GET', url, headers: {}, bodySha256: nothing }, { ...credentials, sessionToken: 't' }, 'r', at);
    expect(signed['x-amz-security-token']).toBe('t');
    expect(signed['authorization']).toContain('SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,');
  });
});

describe('the address of a bucket', () => {
  it('has odd names encoded, slashes kept', () => {
    expect(encodeKey('a b/ü+(1)*.txt')).toBe('a%20b/%C3%BC%2B%281%29%2A.txt');
  });

  it.each([
    ['s3://data', { bucket: 'data', prefix: '' }],
    ['s3://data.sets/a//b/', { bucket: 'data.sets', prefix: 'a/b' }],
  ])('%s is read', (address, expected) => {
    expect(parseS3Address(address)).toEqual(expected);
  });

  it.each(['s3://', 's3://a', 's3://Data/x', 's3://data/../x', 'S3://data'])('%s is refused', (address) => {
    expect(() => parseS3Address(address)).toThrow(/names no place/);
  });

  it('is the public one, or below the endpoint that the environment names', () => {
    const key = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
    expect(bucketSettings('data', { ...key, AWS_REGION: 'eu-central-1' }).address).toBe('https://data.s3.eu-central-1.amazonaws.com');
    expect(bucketSettings('data.sets', key).address).toBe('https://s3.us-east-1.amazonaws.com/data.sets');
    expect(bucketSettings('data', { ...key, AWS_ENDPOINT_URL: 'http://127.0.0.1:9000/' }).address).toBe('http://127.0.0.1:9000/data');
    expect(() => bucketSettings('data', {})).toThrow(/no key/);
    expect(() => bucketSettings('data', { ...key, AWS_ENDPOINT_URL: 'nonsense' })).toThrow(/no address/);
  });
});
