import { otherSoftware } from './other-software.ts';

const commonParts = new Set(
  'lib dev tools tool core python java node rust the project org labs api cli server client data web app plugin plugins community team group software systems next code open go js'.split(
    ' ',
  ),
);

/** Names by which a project goes, from `owner/name` or an instance's id (`owner__name-123`), in lower case. */
export function ownNames(...given: readonly (string | undefined)[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const name of given) {
    if (name === undefined) continue;
    const whole = name.toLowerCase().replace('__', '/').replace(/-\d+$/, '');
    for (const part of whole.split('/')) {
      names.add(part);
      names.add(part.replaceAll(/[-_.]/g, ''));
      names.add(part.replace(/(?:\.?js|\.py|-python|\.rb|\.go|-rs|py)$/, ''));
      // What a project is made for is not its own name: Django of `django-cms`.
      const pieces = part.split(/[-_.]/);
      for (const piece of pieces)
        if (piece.length > 2 && !commonParts.has(piece) && (pieces.length === 1 || !otherSoftware.has(piece))) names.add(piece);
    }
  }
  for (const name of names) if (name.length < 2 || commonParts.has(name)) names.delete(name);
  return names;
}
