import type { Language } from '../../../schemas/names.ts';
import { parsePatch, patchPaths } from '../../patches/patch.ts';

/** Repositories of SWE-bench Multilingual by language, in lower case. */
const repositories: readonly (readonly [Language, readonly string[]])[] = [
  ['c', ['redis/redis', 'jqlang/jq', 'micropython/micropython', 'valkey-io/valkey']],
  ['cpp', ['nlohmann/json', 'fmtlib/fmt']],
  ['go', ['caddyserver/caddy', 'hashicorp/terraform', 'prometheus/prometheus', 'gohugoio/hugo', 'gin-gonic/gin']],
  ['java', ['google/gson', 'apache/druid', 'javaparser/javaparser', 'projectlombok/lombok', 'apache/lucene', 'reactivex/rxjava']],
  ['js', ['mrdoob/three.js', 'preactjs/preact', 'axios/axios']],
  ['ts', ['babel/babel', 'vuejs/core', 'facebook/docusaurus', 'immutable-js/immutable-js']],
  ['php', ['phpoffice/phpspreadsheet', 'laravel/framework', 'php-cs-fixer/php-cs-fixer', 'briannesbitt/carbon']],
  ['ruby', ['jekyll/jekyll', 'fluent/fluentd', 'fastlane/fastlane', 'jordansissel/fpm', 'faker-ruby/faker', 'rubocop/rubocop']],
  [
    'rust',
    ['tokio-rs/tokio', 'uutils/coreutils', 'nushell/nushell', 'tokio-rs/axum', 'burntsushi/ripgrep', 'sharkdp/bat', 'astral-sh/ruff'],
  ],
];

const byRepository = new Map(repositories.flatMap(([language, names]) => names.map((name) => [name, language] as const)));

const endings: readonly (readonly [Language, RegExp])[] = [
  ['python', /\.pyx?$/],
  ['go', /\.go$/],
  ['ts', /\.[cm]?tsx?$/],
  ['js', /\.[cm]?jsx?$/],
  ['rust', /\.rs$/],
  ['java', /\.java$/],
  ['php', /\.php$/],
  ['ruby', /\.rb$/],
  ['cpp', /\.(cc|cpp|cxx|hh|hpp|hxx)$/],
  ['c', /\.[ch]$/],
];

/** The language of a repository: of the published ones as listed, else that of most files of the patch. */
export function languageOfRepository(repo: string, patch: string): Language | undefined {
  const known = byRepository.get(repo.toLowerCase());
  if (known !== undefined) return known;
  const paths = patchPaths(parsePatch(patch));
  const counts = endings.map(([language, ending]) => ({ language, count: paths.filter((path) => ending.test(path)).length }));
  return counts.filter(({ count }) => count > 0).sort((one, other) => other.count - one.count)[0]?.language;
}
