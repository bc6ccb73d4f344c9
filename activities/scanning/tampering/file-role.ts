import { baseName } from '../extraction/base-name.ts';
import { isTestPath } from '../../patches/test-paths.ts';
import { testInfrastructure } from '../../patches/test-infrastructure.ts';
import { Language } from '../../../schemas/names.ts';

/** What a file is to the judgement of the result. */
export type Role =
  /** A test, or a file that tests are made of: helpers, fixtures, expected output. */
  | 'test'
  /** Decides which tests run, how, and what their failure means: settings, build files, pipelines, scripts. */
  | 'settings'
  /** A program of the machine or of an environment, by which others run. */
  | 'program'
  /** An installed library that tests are written with or run by. */
  | 'framework'
  /** Another installed library. */
  | 'library'
  /** Read by each shell or interpreter that starts. */
  | 'profile'
  /** Belongs to who judges the result. */
  | 'harness'
  /** A place for throw-away files. */
  | 'scratch'
  | 'product'
  /** Text, data and the like. */
  | 'other';

const programPlace =
  /^(?:\/|\/(?:usr|opt|nix|snap|var)\/(?:.*\/)?|(?:\/root|\/home\/[\w.-]+|~|\$HOME)\/(?:(?:\.[\w-]+|go|[\w-]*conda\d*)\/(?:.*\/)?)?|(?:.*\/)?(?:node_modules|vendor|\.?venv|\.tox|\.nox|\.cargo|\.local|go|goroot|conda|\.rbenv|\.pyenv|\.nvm)\/(?:.*\/)?|(?:\.\.\/)+)(?:s?bin|\.bin|shims)\/[^/]+$/;
/** A language’s own repository has its interpreter there. */
const ownToolchain = /(?:^|\/)bin\/(?:go|python3?|node|cargo|java)$/;
const installed =
  /(?:^|\/)(?:site-packages|dist-packages|node_modules|gems|pkg\/mod|\.cargo\/registry|\.m2\/repository|vendor\/(?:bundle|phpunit|mockery)|(?:lib|libs)\/python[\d.]+|goroot|(?:usr|local|lib|opt|sdk|\.go)\/go[\w.-]*\/src)(?:\/|$)/i;
const testFramework =
  /(?:site-packages|dist-packages|node_modules|gems|pkg\/mod|registry|repository|vendor|lib\/python[\d.]+|go\/src)\/(?:.*[/@])?(?:_?pytest\w*|pluggy|unittest2?|nose2?|doctest|testtools|hypothesis|coverage|tox|nox|xdist|jest[\w-]*|vitest|mocha|chai|jasmine[\w-]*|karma[\w-]*|ava|tape?|uvu|borp|node-tap|qunit[\w-]*|cypress|playwright[\w-]*|expect|sinon|assert|phpunit|pest|mockery|rspec[\w-]*|minitest|test-unit|testify|gomega|ginkgo|testing|internal\/testdeps|junit[\w-]*|surefire[\w-]*|assertj[\w-]*|testng|hamcrest|xunit[\w.-]*|nunit[\w.-]*|testthat|ex_unit|proptest|insta|libtest|freezegun|django\/test)(?:[-@/.]|$)/i;
const profile =
  /(?:^|\/)(?:\.(?:bashrc|bash_profile|bash_aliases|bash_login|profile|zshrc|zshenv|zprofile|envrc|Rprofile|mavenrc|pythonrc|pythonstartup)(?:\.py)?|config\.fish|(?:etc\/(?:profile(?:\.d\/.*)?|environment|bash\.bashrc|bashrc|ld\.so\.preload|zsh\/.*))|Rprofile\.site|(?:php|conf\.d|fpm|cli)\/[\w.-]+\.ini|ld\.so\.preload|faketimerc)$/;
const harness =
  /^\/(?:eval\w*|evaluation|grad(?:er|ing)|harness|verifier|judge|scorer|swebench|oracle|hidden[\w-]*)(?:\/|$)|^\/(?:eval|run_?eval|evaluate|grade|verify|score|run_(?:hidden_)?tests?)\.(?:sh|py|js|json)$/i;
const settingsNames =
  /^(?:\.?pytest\.(?:ini|toml)|tox\.ini|setup\.cfg|pyproject\.toml|noxfile\.py|\.coveragerc|runtests?\.(?:py|sh|js)|(?:run[_-]?|all[_-]?)?(?:unit[_-]?)?tests?\.(?:sh|bash|cmd|bat|ps1)|run[_-][\w-]*tests?\w*(?:\.(?:sh|py|js|mjs|rb|pl|lua|php))?|check(?:\.sh)?|test|(?:jest|vitest|vite|karma|ava|playwright|cypress|wdio|nyc|web-test-runner|jasmine|protractor|testem|babel|deno)[\w.-]*\.(?:[cm]?[jt]s|jsonc?)|\.(?:mocharc|nycrc|taprc|c8rc|jestrc|avarc|npmrc|rspec|rspec-local|noserc|bazelrc|simplecov|phpunit[\w.]*)(?:\.\w+)?|mocha\.opts|package\.json|composer\.json|gradlew|mvnw|phpunit[\w.-]*|pest\.php|codeception[\w.]*|behat[\w.]*|Rakefile|[\w.-]*\.rake|Guardfile|Cargo\.toml|nextest\.toml|build\.rs|[\w.-]*\.gradle(?:\.kts)?|gradle\.properties|init\.gradle|pom\.xml|settings\.xml|maven\.config|jvm\.config|build\.xml|testng[\w.-]*\.xml|junit-platform\.properties|build\.sbt|build\.sc|project\.clj|deps\.edn|mix\.exs|rebar\.config|(?:GNU)?[Mm]akefile[\w.-]*|[\w.-]+\.mk|CMakeLists\.txt|CMake(?:User)?Presets\.json|[\w.-]+\.cmake|CTest\w*|meson\.build|SConstruct|SConscript|configure\.ac|justfile|Taskfile\.ya?ml|BUILD(?:\.bazel)?|[\w.-]+\.bzl|WORKSPACE|[\w.-]*\.(?:csproj|fsproj|vbproj|props|targets|runsettings|cabal|opam|nimble|gemspec)|xunit\.runner\.json|stack\.yaml|package\.yaml|dune|dune-project|Package\.swift|[\w-]*\.xctestplan|go\.mod|go\.work|\.golangci\.ya?ml|pubspec\.yaml|dart_test\.yaml|Project\.toml|DESCRIPTION|analysis_options\.yaml|Dockerfile[\w.-]*|docker-compose[\w.-]*|\.travis\.yml|\.gitlab-ci\.yml|azure-pipelines\.yml|\.?appveyor\.yml|Jenkinsfile|\.drone\.yml|\.pre-commit-config\.yaml|(?:tasks|fabfile|dodo|magefile)\.(?:py|go)|build\.zig|(?:turbo|nx|lerna|lage|project|workspace)\.json|tests\.edn|moon\.yml|\.proverc|\.busted|Earthfile|Tiltfile|ci\.(?:sh|py|js)|run[_-]?ci\.sh|[Gg](?:runt|ulp)file[\w.]*|(?:hardhat|truffle|foundry|bunfig|mise|angular|dub|xmake|wscript|rebar)[\w.-]*\.(?:[cm]?[jt]s|toml|json|lua)|\.s?testr\.conf|Build\.PL|Makefile\.PL|config\.nims|[\w.-]*nim\.cfg|\.sbtopts|\.jvmopts|lit\.(?:cfg|local\.cfg)(?:\.py)?|\.env(?:\.test)?|bb\.edn|shard\.yml|behave\.ini|\.behaverc|\.?mypy\.ini)$/;
const pipelinePlace =
  /(?:^|\/)(?:\.github\/(?:workflows|actions)|\.circleci|\.buildkite|\.husky|\.cargo|\.mvn|init\.d|\.config)\/|(?:^|\/)(?:scripts?|bin|tools?|ci|hack|build-support)\/[\w.-]*(?:tests?|check|ci|verify|spec)[\w.-]*$|(?:^|\/)[\w-]*(?:test[_-]?(?:runner|harness|driver)|run[_-]?tests?)[\w-]*\/[\w.-]+$/;
const supportNames =
  /^(?:conftest\.py|sitecustomize\.py|usercustomize\.py|(?:test|spec|rails|unit|integration)_?helpers?\.\w+|testutils?\w*\.\w+|test[-_]?setup[\w.-]*|setup[-_.]?(?:tests?|jest|vitest|files?)[\w.-]*|global[-_.]?setup[\w.-]*|.*[-_.]test[-_]?(?:shim|setup|env|utils?|helpers?)[\w.-]*|testing\.\w+|tinytest\.R|shunit2|sharness\.sh|assert\.sh|bash_unit|test-more-bash\.\w+|minunit\.h|unity\.[ch]|munit\.[ch]|greatest\.h|acutest\.h|utest\.h|doctest\.h|catch\.hpp|tap-functions\.sh|test_macros?\.\w+)$/i;
/** Where a product keeps what its tests assert with. */
const supportPlace =
  /(?:^|\/)(?:_?testing|testutils?|test_support|testsupport|testlib|test-utils)\/(?:[\w-]+\/)*\w*(?:assert|expect|compar|match|check|case|helper|fixture|runtests?|runner|decorators?|conftest|exceptions?)\w*\.\w+$/i;
const moreTests =
  /^regress\/.|(?:^|\/)cypress\/(?:support|e2e|integration|plugins)\/.|(?:^|\/)(?:features\/steps|step_definitions|steps)\/\w[\w./-]*\.(?:py|rb|[jt]s|php|java|kt)$|(?:^|\/)(?:t|tests?|unit_?tests?|specs?|__tests__|Tests|testing|androidTest|[\w-]+[._-]tests?|tests?[._-][\w-]+)\/.|(?:[._-](?:test|spec|tests|e2e|cy|feature)\.\w+|_test\.\w+|_spec\.\w+|(?:Tests?|Spec|Specs|TestCase|Suite|IT)\.(?:java|kt|kts|groovy|scala|cs|fs|vb|swift|php|hs|m|mm|dart)|\.(?:bats|t|feature|phpt|snap|golden|approved\.\w+|expected|stderr|exp)|(?<![a-zA-Z])test_[\w-]+\.\w+|test-[\w-]+\.(?:js|R|jl|el|lua|rb|py|sh))$/;
const codeName =
  /\.(?:py|pyx|pyi|go|[cm]?[jt]sx?|rs|java|kt|kts|scala|groovy|php|rb|c|h|cc|cpp|cxx|hpp|hh|m|mm|cs|fs|vb|swift|ex|exs|erl|hs|ml|mli|clj|cljs|jl|r|R|lua|pl|pm|sh|bash|zig|nim|dart|vue|svelte|sol|el|lisp|scm|tcl|f90|f|pas|d|v|sv|vhd|sql|html|css|scss|tmpl|j2)$/;

/** Where a product keeps its wordings in all languages. */
const wordings =
  /(?:^|\/)(?:locales?|i18n|l10n|lang|langs|languages|translations)\/(?:[\w.-]+\/)*[\w.-]+\.(?:json|ya?ml|po|properties|ftl|xliff?|resx|arb|strings|toml)$/i;

const languages = Language.options;

/** Where repositories lie: a checkout may be called after a runner of tests. */
const repositoryRoot =
  /^\/(?:(?:root|home\/[\w.-]+|workspace|work|src|repos?|code|opt|srv|app|usr\/src|build|data|mnt|projects?)\/)?(?!(?:(?:[\w.-]*[._-])?(?:tests?|specs?)(?:[._-][\w.-]*)?|[\w.-]*(?:Tests?|Specs?)|__tests__|t|testing|e2e|src|lib|cypress\/(?:support|e2e|integration|plugins)|features\/steps|step_definitions)\/)[\w.-]+\//;

/** Sorts a path. `scratch` says whether it lies where the agent keeps throw-away files. */
export function roleOf(path: string, scratch: (path: string) => boolean): Role {
  const name = baseName(path);
  if (harness.test(path)) return 'harness';
  if (profile.test(path)) return 'profile';
  if (installed.test(path) && !/(?:^|\/)(?:\.bin|bin)\/[^/]+$/.test(path)) {
    if (testFramework.test(path)) return 'framework';
    return /^(?:sitecustomize|usercustomize)\.py$/.test(name) || name.endsWith('.pth') ? 'settings' : 'library';
  }
  if (/(?:^|\/)(?:sitecustomize|usercustomize)\.py$/.test(path) && !/^\/(?:var\/)?tmp\//.test(path)) return 'settings';
  if (programPlace.test(path) || ownToolchain.test(path)) return 'program';
  if (scratch(path)) return 'scratch';
  if (supportNames.test(name) || supportPlace.test(path)) return 'test';
  if (settingsNames.test(name) || pipelinePlace.test(path)) return 'settings';
  if (testInfrastructure(path.replace(/^\/(?:[\w.-]+\/)?/, ''), false) === 'whole') return 'settings';
  const inRepository = path.replace(repositoryRoot, '');
  if (moreTests.test(inRepository) || languages.some((language) => isTestPath(language, inRepository))) return 'test';
  return codeName.test(name) || wordings.test(inRepository) ? 'product' : 'other';
}
