import { describe, expect, it } from 'vitest';
import { archiveOf } from '../../infra/bootstrap/debian.ts';

describe('the package archive of this machine', () => {
  it('is read from one-line sources, options and comments aside', () => {
    const text = `# deb http://wrong.example/debian bookworm main
deb-src http://source.example/debian bookworm main
deb http://tool.example/apt stable main
deb [arch=amd64 signed-by=/usr/share/keyrings/x.gpg] http://deb.example/debian bookworm main contrib # ours
`;
    expect(archiveOf([text], 'bookworm')).toEqual({ uri: 'http://deb.example/debian', suite: 'bookworm', components: ['main', 'contrib'] });
  });

  it('is read from deb822 stanzas', () => {
    const text = `Types: deb
# a comment within
URIs: http://ports.example/ubuntu
Suites: noble noble-updates
Components: main universe
Signed-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg

Types: deb
URIs: http://security.example/ubuntu
Suites: noble-security
Components: main
`;
    expect(archiveOf([text], 'noble')).toEqual({ uri: 'http://ports.example/ubuntu', suite: 'noble', components: ['main', 'universe'] });
  });

  it('is none where a stanza is disabled, of another release or not reachable by debootstrap', () => {
    const disabled = 'Types: deb\nEnabled: no\nURIs: http://a.example/debian\nSuites: bookworm\nComponents: main\n';
    const other = 'deb http://a.example/debian trixie main\ndeb cdrom:[Debian]/ bookworm main\n';
    expect(archiveOf([disabled, other], 'bookworm')).toBeUndefined();
  });
});
