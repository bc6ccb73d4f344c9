import { existsSync, readFileSync } from 'node:fs';

const passed = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'all_proxy',
  'GOPROXY',
  'GOSUMDB',
];

/** Names under which programs look for the certificates that they trust. */
const bundleNames = [
  'SSL_CERT_FILE',
  'PIP_CERT',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'NODE_EXTRA_CA_CERTS',
  'npm_config_cafile',
  'CARGO_HTTP_CAINFO',
  'GIT_SSL_CAINFO',
];

const bundles = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem'];
const javaStores = ['/etc/ssl/certs/java/cacerts', '/etc/pki/java/cacerts'];

interface NetworkSettings {
  /** Path in the container → content. */
  files: [string, Buffer][];
  variables: Record<string, string>;
}

/**
 * What install lines need to reach what this machine reaches: its proxies, and the certificates that it trusts, put into
 * `folder`. They hold for the install lines alone, and are no part of the image.
 */
export function networkSettings(folder: string): NetworkSettings {
  const variables: Record<string, string> = {};
  for (const name of passed) if (process.env[name] !== undefined) variables[name] = process.env[name];
  const files: [string, Buffer][] = [];
  const bundle = firstOf([process.env['SSL_CERT_FILE'], ...bundles]);
  if (bundle !== undefined) {
    files.push([`${folder}/certificates.pem`, readFileSync(bundle)]);
    for (const name of bundleNames) variables[name] = `${folder}/certificates.pem`;
  }
  const java = firstOf(javaStores);
  if (java !== undefined) {
    files.push([`${folder}/cacerts`, readFileSync(java)]);
    variables['JAVA_TOOL_OPTIONS'] = `-Djavax.net.ssl.trustStore=${folder}/cacerts`;
  }
  return { files, variables };
}

function firstOf(candidates: (string | undefined)[]): string | undefined {
  return candidates.find((path) => path !== undefined && existsSync(path));
}
