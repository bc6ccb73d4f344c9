/** Where a remote's address leads: to a repository with a name on some server, or to a folder of this machine. */
export type Origin = { kind: 'named'; repo: string } | { kind: 'folder'; path: string } | { kind: 'unknown' };

/**
 * Reads the address of a remote. `repo` is `owner/name` in the letters that ids may have: credentials, port and `.git` are
 * no part of it, and groups within groups are joined by a dot. A folder of this machine names no owner, whatever lies above it.
 */
export function readOrigin(address: string): Origin {
  const text = address.trim();
  if (text === '') return { kind: 'unknown' };
  const url = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)/i.exec(text);
  if (url !== null) {
    const [, scheme = '', authority = '', path = ''] = url;
    if (scheme.toLowerCase() === 'file') return { kind: 'folder', path: decoded(path) };
    return named(authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, ''), path);
  }
  if (/^[A-Za-z]:[\\/]/.test(text)) return { kind: 'folder', path: text };
  // As git tells them apart: a colon before the first slash is an address of ssh.
  const ssh = /^(?:[^@/]*@)?(\[[^\]]+\]|[^:/]+):(.*)$/.exec(text);
  if (ssh !== null) return named(ssh[1] ?? '', ssh[2] ?? '');
  return { kind: 'folder', path: text };
}

/** Parts of paths that servers put around the names: Bitbucket's `scm`, Azure's `_git` and `v3`. */
const ornaments = new Set(['scm', '_git', 'v3']);

function named(host: string, path: string): Origin {
  const parts = decoded(path)
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..' && !part.startsWith('~'));
  const kept = parts.filter((part, at) => at === parts.length - 1 || !ornaments.has(part));
  const last = kept.pop()?.replace(/\.git$/i, '');
  const name = word(last ?? '');
  const owner = (kept.length > 0 ? kept : [host])
    .map(word)
    .filter((part) => part !== '')
    .join('.');
  return name === '' || owner === '' ? { kind: 'unknown' } : { kind: 'named', repo: `${owner}/${name}` };
}

/** In the letters that an instance id may have, beginning with one that it may begin with. */
export function word(text: string): string {
  return text
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .replace(/[-.]+$/, '');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
