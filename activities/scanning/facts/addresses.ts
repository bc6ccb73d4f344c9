import { dynamicText } from '../extraction/shell-syntax.ts';
import { namesProject, type Project } from './project.ts';

/** What an address on the network is to the task. */
export type AddressKind =
  /** The project's own repository, package or tracker, or a code host while the project is not known. */
  | 'upstream'
  /** A code host or registry, but another project there. */
  | 'unrelated'
  /** A registry while the project is not known. */
  | 'registry'
  /** A place that may lead anywhere: short links, bare addresses, archives, search. */
  | 'blind'
  | 'local'
  | 'other'
  | 'unknown';

export interface Address {
  text: string;
  kind: AddressKind;
}

const clients =
  /^(?:curl|wget|wget2|http|https|httpie|xh|xhs|aria2c|axel|lynx|w3m|links2?|elinks|lwp-request|lwp-download|GET|HEAD|fetch|curlie|hurl|youtube-dl|svn|hg|bzr|fossil|browse|w3mman|puppeteer|playwright|goto|wscat|websocat|snarf|puf|httrack|saml2aws)$/;
const socketClients = /^(?:nc|ncat|netcat|telnet|socat|openssl|ssh|scp|sftp|rsync|ftp)$/;
const codeHosts =
  /(?:^|\.)(?:github\.com|githubusercontent\.com|github\.dev|githubassets\.com|github1s\.com|gitlab\.[\w.]+|bitbucket\.org|codeberg\.org|sr\.ht|gitee\.com|sourceforge\.net|launchpad\.net|savannah\.(?:non)?gnu\.org|googlesource\.com|gitea\.\w+|gogs\.\w+|sourcegraph\.com|grep\.app|searchcode\.com|deepwiki\.com|gitmemory\.\w+|ghproxy\.\w+|kkgithub\.com|fastgit\.\w+|githack\.com|rawgit\.com|gitcdn\.\w+|statically\.io|jihulab\.com|notabug\.org|swh\.org|softwareheritage\.org|bugs\.[\w.-]+|bugzilla\.[\w.-]+|issues\.apache\.org|jira\.[\w.-]+|code\.djangoproject\.com|gerrit[\w.-]*|review\.[\w.-]+|phabricator\.[\w.-]+|trac\.[\w.-]+|git\.[\w-]+\.\w+|cgit\.[\w.-]+|opendev\.org|pagure\.io|huggingface\.co|git\.io)$/;
const registries =
  /(?:^|\.)(?:pypi\.org|pythonhosted\.org|pypi\.python\.org|npmjs\.(?:org|com)|npmmirror\.com|yarnpkg\.com|unpkg\.com|jsdelivr\.net|esm\.sh|skypack\.dev|cdnjs\.com|cloudflare\.com|crates\.io|docs\.rs|lib\.rs|proxy\.golang\.org|sum\.golang\.org|pkg\.go\.dev|goproxy\.\w+|rubygems\.org|packagist\.org|maven\.org|sonatype\.\w+|mvnrepository\.com|libraries\.io|deb\.debian\.org|sources\.debian\.org|snapshot\.debian\.org|archive\.ubuntu\.com|conda\.anaconda\.org|anaconda\.org|repology\.org|pepy\.tech|piwheels\.org|tsinghua\.edu\.cn|aliyun\.com|nuget\.org|hex\.pm|metacpan\.org|cpan\.org|gopkg\.in|deno\.land|jsr\.io|inspector\.pypi\.io|readthedocs\.io|readthedocs\.org|github\.io)$/;
const blindHosts =
  /^(?:(?:www\.)?(?:bit\.ly|tinyurl\.com|t\.co|goo\.gl|is\.gd|ow\.ly|cutt\.ly|rb\.gy|shorturl\.at|t\.ly|rebrand\.ly)|web\.archive\.org|archive\.(?:org|ph|is|today)|webcache\.googleusercontent\.com|r\.jina\.ai|cors\.\w+(?:\.\w+)*|169\.254\.169\.254|pastebin\.com|paste\.\w+|dpaste\.\w+|transfer\.sh|termbin\.com|(?:www\.)?(?:google|bing|duckduckgo|baidu|yandex)\.\w+|html\.duckduckgo\.com|api\.duckduckgo\.com|search\.[\w.]+|serpapi\.com|api\.tavily\.com)$/;
const localHosts =
  /^(?:localhost|.*\.local(?:host|domain)?|127\.[\d.]+|0\.0\.0\.0|::1|\[::1?\]|10\.[\d.]+|192\.168\.[\d.]+|172\.(?:1[6-9]|2\d|3[01])\.[\d.]+|host\.docker\.internal|(?:www\.)?example\.(?:com|org|net)|httpbin\.org)$/;

/** Whether a program can ask the network for an address in its words. */
export function isNetworkClient(program: string): boolean {
  return clients.test(program) || socketClients.test(program);
}

/** The addresses that a command asks for. Text that is only printed is none. */
export function addressesOf(program: string, argv: string[], project: Project): Address[] {
  const args = argv.slice(1);
  if (clients.test(program))
    return args.flatMap((arg, index) => addressIn(arg, args[index - 1] ?? '')).map((text) => ({ text, kind: addressKind(text, project) }));
  if (!socketClients.test(program)) return [];
  if (program === 'openssl' && !args.includes('s_client')) return [];
  return args.flatMap(hostIn).map((text) => ({ text, kind: addressKind(text, project) }));
}

function addressIn(arg: string, before: string): string[] {
  if (
    /^(?:-H|--header|-A|--user-agent|-o|-O\S*|--output|-d|--data\S*|-u|--user|-x|--proxy|-e|--referer|-b|-c|--cookie|-w|--write-out|-F|--form|-m|--max-time|--retry|-P|-X|--request)$/.test(
      before,
    ) &&
    !/^-O$/.test(before)
  ) {
    return [];
  }
  const url = /(?:https?|git|ftp|ssh|svn|svn\+ssh):\/\/[^\s'"]+/.exec(arg)?.[0];
  if (url !== undefined) return [url];
  if (arg.startsWith('-')) return [];
  if (/^[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:\/|$)/.test(arg) || /^\d+\.\d+\.\d+\.\d+/.test(arg) || arg.startsWith('localhost')) return [arg];
  return arg.includes(dynamicText) ? [arg] : [];
}

function hostIn(arg: string): string[] {
  const match = /^(?:\w+@)?((?:[\w-]+\.)+[a-z]{2,}|\d+\.\d+\.\d+\.\d+|localhost)(?::\S*)?$/i.exec(
    arg.replace(/^(?:tcp|openssl|ssl):/i, ''),
  );
  return match === null ? [] : [arg.replace(/^(?:tcp|openssl|ssl):/i, '').replace(/^\w+@/, '')];
}

/** What kind of place an address is for the task. */
export function addressKind(address: string, project: Project): AddressKind {
  const bare = address.replace(/^[a-z+]+:\/\//i, '').replace(/^[^/@]*@/, '');
  const host = bare
    .replace(/[/?#].*$/s, '')
    .replace(/:.*$/, '')
    .toLowerCase();
  if (host.includes(dynamicText) || host === '') return 'unknown';
  if (localHosts.test(host)) return 'local';
  if (/swe-?(?:re)?(?:bench|gym|smith)/i.test(bare)) return 'upstream';
  const known = project.repo !== undefined || project.packages.size > 0;
  // Mirrors and proxies carry the real address in their path.
  const nested = /[/=](?:https?:\/\/|https?%3A%2F%2F)?((?:raw\.)?github(?:usercontent)?\.com\/.*)$/i.exec(bare)?.[1];
  const isCode = codeHosts.test(host) || nested !== undefined || /^(?:cdn\.jsdelivr\.net\/gh|unpkg\.com\/.*github)/.test(bare);
  if (isCode) {
    // A host alone is asked to see whether there is a network, unless it serves nothing but code.
    if (known && bare.replace(host, '').replace(/^:\d+/, '').replace(/^\//, '') === '')
      return /^(?:api|raw|codeload)\./.test(host) ? 'upstream' : 'unknown';
    if (!known || namesProject(bare, project) || bare.includes(dynamicText) || /\/search\b|[?&]q=/.test(bare)) return 'upstream';
    return 'unrelated';
  }
  if (registries.test(host)) return namesProject(bare, project) ? 'upstream' : known ? 'unrelated' : 'registry';
  if (blindHosts.test(host) || /^\d+\.\d+\.\d+\.\d+$/.test(host)) return 'blind';
  return known && namesProject(host.replaceAll('.', '/'), project) ? 'upstream' : 'other';
}

/** Whether a clone or fetch source is a place on this machine. */
export function isLocalSource(source: string): boolean {
  return /^(?:\.{0,2}\/|\.{1,2}$|~|file:)/.test(source) || /^[\w.-]+$/.test(source);
}
