import type { Hit, OnLeftOut } from './hit.ts';

/** Accounts of images, build services and documentation, and words that follow `/home/` in addresses of pages: nobody's name. */
const accounts = new Set(
  `user users username user-name yourname your-name your_name name me you someone somebody person default guest public shared all-users
  root admin administrator app apps application build builder ci runner runneradmin travis circleci jenkins gitlab-runner buildbot agent
  agents openhands swe-agent sweagent swe model nonroot node python ruby go golang rust cargo java php php-fpm www-data nginx apache
  postgres mysql redis git docker container dev developer devel coder codespace vscode gitpod jovyan vagrant ubuntu debian fedora centos
  alpine arch kali pi ec2-user azureuser cloud-user linuxbrew homebrew brew test tests tester testuser test-user foo bar baz alice bob
  example sample demo tmp temp workspace work src project projects repo repos site www html web data static assets index main page pages
  dashboard about contact settings search login logout profile account news feed menu en lib bin etc opt usr var conda mamba sandbox`
    .trim()
    .split(/\s+/),
);

/** A name after `/home/`, `/Users/` or `\Users\`, where a path begins: not inside of an address or of a relative path. */
const unix =
  /(?:(?<=file:\/\/)|(?<![\w.~\-/]))(?:\/(?:mnt\/)?[a-z])?(?:\/var|\/export)?\/(?:home|Users)\/([\p{L}\p{N}_][\p{L}\p{N}._-]{0,63})/gu;
/** Here a name may have blanks, but only a folder inside tells where it ends. */
const windows =
  /(?<![A-Za-z])[A-Za-z]:(?:\\{1,4}|\/{1,2})Users(?:\\{1,4}|\/{1,2})([\p{L}\p{N}_.-]{1,40}(?: \p{Lu}[\p{L}\p{N}_.-]{0,40}){1,3}(?=[\\/])|[\p{L}\p{N}_.-]{1,64})/gu;

/** Names of people in paths of home folders; the hit is the name alone. Those of accounts that nobody owns are left out. */
export function findHomeFolders(text: string, onLeftOut: OnLeftOut): Hit[] {
  const hits = new Map<number, Hit>();
  for (const pattern of [unix, windows]) {
    for (const { index, 0: whole, 1: written = '' } of text.matchAll(pattern)) {
      const name = written.replace(/[.]+$/, '');
      const start = index + whole.length - written.length;
      if (name === '') continue;
      if (accounts.has(name.toLowerCase()) || /^user-\d+$/.test(name)) onLeftOut('service account');
      else hits.set(start, { kind: 'home_folders', what: 'name of a home folder', start, end: start + name.length });
    }
  }
  return [...hits.values()];
}
