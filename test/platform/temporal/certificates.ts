import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Certificate and key, as files. */
export interface Identity {
  certificate: string;
  key: string;
}

export interface Authority extends Identity {
  /** A certificate of this authority; `names` as `DNS:localhost`, `IP:127.0.0.1`. */
  issue(name: string, names?: string[]): Identity;
}

/** A certificate authority of its own in a folder, made with openssl. */
export function makeAuthority(folder: string, name: string): Authority {
  const authority = { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(['req', '-x509', ...newKey, '-keyout', authority.key, '-out', authority.certificate, '-days', '2', '-subj', `/CN=${name}`]);
  return {
    ...authority,
    issue(subject, names = []) {
      const [request, extensions] = [join(folder, `${subject}.csr`), join(folder, `${subject}.ext`)];
      const issued = { certificate: join(folder, `${subject}.pem`), key: join(folder, `${subject}.key`) };
      openssl(['req', ...newKey, '-keyout', issued.key, '-out', request, '-subj', `/CN=${subject}`]);
      // Present clients need version 3, which comes with any extension.
      writeFileSync(extensions, `basicConstraints=CA:FALSE\n${names.length === 0 ? '' : `subjectAltName=${names.join(',')}\n`}`);
      const signed = ['-CA', authority.certificate, '-CAkey', authority.key, '-CAcreateserial', '-days', '2', '-extfile', extensions];
      openssl(['x509', '-req', '-in', request, '-out', issued.certificate, ...signed]);
      return issued;
    },
  };
}

export function contentsOf({ certificate, key }: Identity): { cert: Buffer; key: Buffer } {
  return { cert: readFileSync(certificate), key: readFileSync(key) };
}

function openssl(args: string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
