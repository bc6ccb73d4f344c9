import { Problem } from '../../schemas/problem.ts';
import type { S3Credentials } from './sign-request.ts';

/** How a bucket is reached. */
export interface BucketSettings {
  bucket: string;
  /** Address of the bucket itself, without a slash at its end. */
  address: string;
  region: string;
  credentials: S3Credentials;
}

/** The bucket and the prefix of an address `s3://BUCKET/PREFIX`; the prefix has no slash around it. Throws `Problem` bad_input. */
export function parseS3Address(address: string): { bucket: string; prefix: string } {
  const [, bucket, path = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(address) ?? [];
  const parts = path.split('/').filter((part) => part !== '');
  if (bucket === undefined || parts.some((part) => part === '.' || part === '..')) {
    throw new Problem('bad_input', `${address} names no place in a bucket`, { hint: 'write s3://BUCKET/FOLDER, without "." and ".."' });
  }
  return { bucket, prefix: parts.join('/') };
}

/**
 * Takes key, region and endpoint from the variables that other tools for S3 read, too. Throws `Problem` bucket_credentials_missing,
 * bad_input for an endpoint that is no address.
 */
export function bucketSettings(bucket: string, env: NodeJS.ProcessEnv = process.env): BucketSettings {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = env;
  if (!accessKeyId || !secretAccessKey) {
    throw new Problem('bucket_credentials_missing', `no key for the bucket ${bucket}`, {
      hint: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_ENDPOINT_URL for a server of your own',
    });
  }
  const region = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || 'us-east-1';
  const endpoint = env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL'];
  return {
    bucket,
    address: endpoint ? `${endpointOf(endpoint)}/${bucket}` : publicAddress(bucket, region),
    region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
  };
}

/** A bucket with dots in its name has no certificate as a host. */
function publicAddress(bucket: string, region: string): string {
  return bucket.includes('.') ? `https://s3.${region}.amazonaws.com/${bucket}` : `https://${bucket}.s3.${region}.amazonaws.com`;
}

function endpointOf(text: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text)) {
    throw new Problem('bad_input', `AWS_ENDPOINT_URL is no address: ${text}`, { hint: 'for example http://127.0.0.1:9000' });
  }
  return text.replace(/\/+$/, '');
}
