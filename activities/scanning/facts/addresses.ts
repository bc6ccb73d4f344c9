import { dynamicText } from '../extraction/shell-syntax.ts';
import { blindHosts, codeHosts, distributions, languageDocs, localHosts, registries, search, talk } from './hosts.ts';
import { mentionsProject, namesProject, type Project } from './project.ts';
import { isPublishedAs } from './published-names.ts';
import type { Surroundings } from './surroundings.ts';

/** What an address on the network is to the task. */
export type AddressKind =
  /** The project's own repository, package, site or tracker, a search for it or its bug, or a code host while the project is not known. */
  | 'upstream'
  /** A code host or registry, but another project there. */
  | 'unrelated'
  /** A registry while the project is not known. */
  | 'registry'
  /** A place that may lead anywhere: short links, bare addresses, archives. */
  | 'blind'
  /** A search or a question that names neither the project nor its bug. */
  | 'search'
  | 'local'
  | 'other'
  | 'unknown';

export interface Address {
  text: string;
  kind: AddressKind;
}

const clients =
  /^(?:curl|wget|wget2|http|https|httpie|xh|xhs|aria2c|axel|lynx|w3m|links2?|elinks|lwp-request|lwp-download|GET|HEAD|fetch|curlie|hurl|youtube-dl|svn|hg|bzr|fossil|browse|w3mman|puppeteer|playwright|goto|wscat|websocat|snarf|puf|httrack|saml2aws|googler|ddgr|so|howdoi|surfraw|newsboat|monolith|shot-scraper|degit|gitget|tiged|giget)$/;
/** Programs that open files as well, as does SWE-agent's command of the first name. */
const openers = /^(?:open|xdg-open|chromium|google-chrome|firefox)$/;
const socketClients = /^(?:nc|ncat|netcat|telnet|socat|openssl|ssh|scp|sftp|rsync|ftp|lftp)$/;
/** Clients whose words are a query. */
const askers = /^(?:googler|ddgr|so|howdoi|surfraw)$/;

/** Whether a program can ask the network for an address in its words. */
export function isNetworkClient(program: string): boolean {
  return clients.test(program) || openers.test(program) || socketClients.test(program);
}

/** The addresses that a command asks for. Text that is only printed is none. */
export function addressesOf(program: string, argv: string[], surroundings: Surroundings): Address[] {
  const args = argv.slice(1);
  const judged = (text: string): Address => ({ text: shown(text), kind: addressKind(text, surroundings) });
  if (askers.test(program)) return [judged(`https://duckduckgo.com/?q=${args.filter((arg) => !arg.startsWith('-')).join(' ')}`)];
  if (/^(?:degit|tiged|giget|gitget)$/.test(program))
    return args.slice(0, 1).map((arg) => judged(arg.includes('://') ? arg : `https://github.com/${arg.replace(/^\w+:/, '')}`));
  if (openers.test(program))
    return args
      .filter((arg) => /:\/\/|^www\./.test(arg))
      .flatMap((arg) => addressIn(arg, ''))
      .map(judged);
  if (clients.test(program)) return args.flatMap((arg, index) => addressIn(arg, args[index - 1] ?? '')).map(judged);
  if (!socketClients.test(program)) return [];
  if (program === 'openssl' && !args.includes('s_client')) return [];
  return args.flatMap(hostIn).map(judged);
}

/** An address in words for people: what only the shell knew is said so. */
function shown(address: string): string {
  return address.replaceAll(dynamicText, '') === '' ? 'an address that is known at run time only' : address.replaceAll(dynamicText, '…');
}

function addressIn(arg: string, before: string): string[] {
  if (
    /^(?:-H|--header|-A|--user-agent|-o|-O\S*|--output|-d|--data\S*|-u|--user|-x|--proxy|-e|--referer|-b|-c|--cookie|-w|--write-out|-F|--form|-m|--max-time|--retry|-P|-X|--request)$/.test(
      before,
    ) &&
    before !== '-O'
  ) {
    return [];
  }
  const url = /(?:https?|git|ftp|ssh|svn|svn\+ssh):\/\/[^\s'"]+/.exec(arg)?.[0];
  // A query may hold blanks: a tool's words are not a shell's.
  if (url !== undefined) return [/[?&](?:q|query|search|s|text|p)=/.test(url) ? arg.slice(arg.indexOf(url)) : url];
  if (arg.startsWith('-')) return [];
  if (/^[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:\/|$)/.test(arg) || /^\d+\.\d+\.\d+\.\d+/.test(arg) || arg.startsWith('localhost')) return [arg];
  return arg.includes(dynamicText) ? [arg] : [];
}

function hostIn(arg: string): string[] {
  const bare = arg.replace(/^(?:tcp|openssl|ssl):/i, '');
  return /^(?:\w+@)?(?:(?:[\w-]+\.)+[a-z]{2,}|\d+\.\d+\.\d+\.\d+|localhost)(?::\S*)?$/i.test(bare) ? [bare.replace(/^\w+@/, '')] : [];
}

/** What kind of place an address is for the task. */
export function addressKind(address: string, surroundings: Surroundings): AddressKind {
  const { project } = surroundings;
  const bare = address.replace(/^[a-z+]+:\/\//i, '').replace(/^[^/@]*@/, '');
  const host = bare
    .replace(/[/?#].*$/s, '')
    .replace(/:.*$/, '')
    .toLowerCase();
  if (host.includes(dynamicText) || host === '') return unknownKind(bare, surroundings);
  if (localHosts.test(host)) return 'local';
  if (/swe-?(?:re)?(?:bench|gym|smith)/i.test(bare)) return 'upstream';
  const known = project.repo !== undefined || project.packages.size > 0;
  // Mirrors and proxies carry the real address in their path.
  const nested = /[/=](?:https?:\/\/|https?%3A%2F%2F)?((?:raw\.)?github(?:usercontent)?\.com\/.*)$/i.exec(bare)?.[1];
  if (search.test(host)) return searchKind(bare, surroundings);
  if (codeHosts.test(host) || nested !== undefined || /^(?:cdn\.jsdelivr\.net\/gh|unpkg\.com\/.*github|rawcdn)/.test(bare)) {
    // A host alone is asked to see whether there is a network, unless it serves nothing but code.
    if (known && bare.replace(host, '').replace(/^:\d+/, '').replace(/^\//, '') === '')
      return /^(?:api|raw|codeload)\./.test(host) || namesProject(host.replaceAll('.', '/'), project) ? 'upstream' : 'unknown';
    if (!known || namesProject(bare, project) || bare.includes(dynamicText)) return 'upstream';
    if (distributions.test(host) && ownIn(bare, project)) return 'upstream';
    // A host of reviews that serves one project has its name.
    const served = /^([\w-]+?)(?:-review)?\.googlesource\.com$/.exec(host)?.[1];
    if (served !== undefined && (project.repo?.split('/') ?? []).includes(served)) return 'upstream';
    if (/\/search\b|[?&/](?:q|query|search)=|\/q\//.test(bare))
      return searchKind(bare, surroundings) === 'search' && !/[?&/=](?:repo|q)=?repo/.test(bare) ? 'unrelated' : 'upstream';
    return 'unrelated';
  }
  const pagesOf = /^([\w-]+)\.(?:readthedocs\.(?:io|org)|github\.io|gitlab\.io|pages\.dev|netlify\.app|r-universe\.dev)$/.exec(host)?.[1];
  if (pagesOf !== undefined && isPublishedAs(pagesOf, project) && laterState.test(bare)) return 'upstream';
  if (registries.test(host) || distributions.test(host)) return ownIn(bare, project) ? 'upstream' : known ? 'unrelated' : 'registry';
  if (talk.test(host)) return namesProject(host.replaceAll('.', '/'), project) || asksFor(bare, surroundings) ? 'upstream' : 'other';
  if (blindHosts.test(host) || /^\d+\.\d+\.\d+\.\d+$/.test(host)) return blindKind(host, bare, surroundings);
  if (languageDocs.test(host) || specification.test(bare)) return 'other';
  return known && namesProject(host.replaceAll('.', '/'), project) ? 'upstream' : ownSite(bare, project);
}

/** Pages of the project's documentation that hold its later state: what changed, and its source as it was rendered. */
const laterState = /change-?(?:log|s\b)|release|whats-?new|\bnews\b|history|\/_modules\/|\/_sources\/|migrat|upgrad/i;

/** A specification is no later state of the project that follows it. */
const specification = /^[^?#]*\/(?:specs?|specifications?|rfcs?|standards?)(?:\/|$)/i;

/** An archive or a fetch proxy of an address in its path is what that address is. */
function blindKind(host: string, bare: string, surroundings: Surroundings): AddressKind {
  const inner = /[/=]((?:https?:\/\/|https?%3A%2F%2F)[^\s]+)$/i.exec(bare)?.[1];
  if (inner === undefined || /^(?:169|bit|tiny)/.test(host)) return 'blind';
  const kind = addressKind(decoded(inner), surroundings);
  return kind === 'other' || kind === 'unrelated' || kind === 'local' ? 'search' : kind;
}

/** A place that is known at run time only, next to the project's name and a place where it is published. */
function unknownKind(bare: string, { source, project }: Surroundings): AddressKind {
  if (source === '' || project.repo === undefined) return 'unknown';
  const asksRemote =
    /remote\.[\w-]+\.url|remote\s+(?:get-url|-v|show)|(?:github|gitlab|bitbucket|codeberg|pypi|npmjs|jsdelivr|unpkg|crates|golang|maven|rubygems|packagist|api\.)[\w./-]*/i.test(
      source,
    );
  return asksRemote && (/remote/.test(source) || namesProject(bare, project) || source.toLowerCase().includes(project.repo))
    ? 'upstream'
    : 'unknown';
}

function ownIn(bare: string, project: Project): boolean {
  if (namesProject(bare, project)) return true;
  return bare
    .split(/[/?#&=:@+%\s]+/)
    .some((segment) => segment.length > 1 && isPublishedAs(segment.replace(/_\d.*$|\.(?:json|html|xml|atom|git|rb)$/, ''), project));
}

/** Pages of other sites count only where they are the project's changelog, releases or tracker by their words. */
function ownSite(bare: string, project: Project): AddressKind {
  return /(?:change-?log|release|whats-?new|news|issue|ticket|bug|pull|commit|patch|diff|download|archive|source|blob|tree)/i.test(
    bare.replace(/^[^/]*/, ''),
  ) && mentionsProject(decoded(bare), project)
    ? 'upstream'
    : 'other';
}

function searchKind(bare: string, surroundings: Surroundings): AddressKind {
  // A search of one other site, as of a vendor's documentation.
  const site = /\bsite(?::|%3A)([\w.-]+\.\w+)/i.exec(bare)?.[1]?.toLowerCase();
  if (
    site !== undefined &&
    !codeHosts.test(site) &&
    !registries.test(site) &&
    !talk.test(site) &&
    !namesProject(site.replaceAll('.', '/'), surroundings.project)
  )
    return 'search';
  return asksFor(bare, surroundings) ? 'upstream' : 'search';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text.replaceAll('+', ' ');
  }
}

const aboutAFix = /\b(?:fix(?:ed|es)?|bug|issue|issues|commit|pull|pr|merged?|patch|github|changelog|release|upstream|regression|ticket)\b/;
const plainWords =
  /^(?:python|error|issue|fix(?:ed)?|github|commit|pull|request|patch|javascript|typescript|rust|golang|java|tests?|using|with|when|from|that|this|does|should|about|which|after|value|values|return|returns|function|method|class|module|string|number|object|default|option|options|example|documentation|library|repository|repo|code|work|please|instead|release|changelog|version|after|before|there|their|where|ubuntu|linux|install|installed|setup|windows|command)$/;

/** Whether a query names the project, or its bug by the words that the task's text has for it. */
function asksFor(bare: string, { project, prompt }: Surroundings): boolean {
  const query = decoded(bare.replace(/^[^/?#]*/, ''));
  if (
    mentionsProject(
      query.replace(/[/_.-]+/g, (joint) => (joint.length > 1 ? ' ' : joint)),
      project,
    ) ||
    mentionsProject(query.replace(/[-_/]/g, ' '), project)
  )
    return true;
  const words = new Set(
    query
      .split(/[^A-Za-z0-9_.]+/)
      .map((word) => word.replace(/^\.+|\.+$/g, ''))
      .filter((word) => word.length > 3),
  );
  const shared = [...words].filter((word) => prompt.includes(word.toLowerCase()) && !plainWords.test(word.toLowerCase()));
  const distinct = shared.filter((word) => /[a-z][A-Z]|_|\d/.test(word) && word.length > 5 && !/^[\d.]+$/.test(word));
  const forAFix = aboutAFix.test(query.toLowerCase());
  return (distinct.length > 0 && (forAFix || shared.length > 2)) || (forAFix && shared.length > 2) || shared.length > 4;
}

/** Whether a clone or fetch source is a place on this machine. */
export function isLocalSource(source: string): boolean {
  return /^(?:\.{0,2}\/|\.{1,2}$|~|file:)/.test(source) || /^[\w.-]+$/.test(source);
}
