import { factOfEach } from '../../rollout/index.ts';

/** Names that stand for an answer wherever they lie, also in the tree. */
export const answer =
  /(?:^|[/._-])(?:gold(?:en)?[._-]?(?:patch|diff|solution|fix|answer|commit)|test[._-]?patch(?:\.|$)|(?:reference|expected|oracle|true|correct|upstream|official|hidden|model_?answer)[._-]?(?:patch|diff|solution|fix)(?:\.|$)|solutions?\.(?:patch|diff)$|answer(?:s|_key)?\.(?:patch|diff)$|hidden[_-]?tests?(?:\/|\.|$))|^\/(?:(?:opt|mnt|data|root|tmp|srv)\/)?(?:oracle|solutions?|gold(?:en)?|hidden|answers?)(?:\/|$)/i;
export const taskFile =
  /(?:^|\/)(?:(?:task|instance|problem|sample|metadata|datum|row)s?\.jsonl?|instance_?(?:data|info)?\.json|[\w.-]*swe[-_]?(?:bench|rebench|gym|smith)[\w.-]*(?:\/[\w./-]*)?\.(?:jsonl?|parquet|arrow)|(?:fail_to_pass|pass_to_pass|f2p|p2p)[\w.-]*)$/i;
export const evaluation =
  /(?:^|\/)(?:eval(?:uation)?\.sh|eval_script[\w.]*|run_eval[\w.]*|run_hidden_tests[\w.]*|grade(?:r|d?_tests?)?\.(?:py|sh|json)|verifier?\.(?:py|sh)|expected_tests?[\w.-]*|tests?_(?:status|results?|expected)\.json|sweb[\w.-]*\.(?:json|log))$|(?:^|\/)(?:evaluation|eval|grading|grader|verifier|hidden|swebench)\/(?:[\w./-]*)(?:\.(?:sh|json|py|patch|diff|txt|log)|$)/i;
export const otherRuns =
  /\.traj(?:\.json)?$|(?:^|\/)(?:trajector(?:y|ies)(?:\/.*|[\w.-]*)\.(?:jsonl?|txt|log|md)|llm_completions?(?:\/|$)|infer_logs?(?:\/|$)|run_instance\.log|previous_(?:runs?|attempts?|patches)(?:\/|$)|other_runs?(?:\/|$))/i;
export const runOutput = /(?:^|\/)(?:(?:all_)?preds?(?:ictions)?\.jsonl?|output\.jsonl)$/i;
export const memory =
  /^\/proc\/(?:\d+|1|self\/\.\.\/\d+)\/(?:environ|mem|maps|root|cwd|fd|cmdline)|^\/proc\/[^/]*[*?[\uFFFC][^/]*\/(?:environ|mem|maps|root|cwd|fd)|^\/dev\/(?:mem|kmem)$|^\/proc\/1\/(?!(?:cgroup|comm|status|stat|sched|mountinfo|mounts|limits|ns\/\w+)$)/;
export const layers =
  /^\/(?:var\/lib\/(?:docker|containerd|containers|buildkit)|kaniko|buildkit|run\/containerd|var\/lib\/kubelet)(?:\/|$)|\/overlay2?\/[0-9a-f]{12,}|(?:^|\/)docker\.sock$/;
const machinery = Object.values(factOfEach((facts) => facts.machinery))
  .flat()
  .map((path) => path.slice(1).replaceAll('.', '\\.'));
export const harness = new RegExp(
  `^/(?:${[...machinery, 'var/run/docker', 'run/docker', '\\.dockerenv', 'root/\\.docker', 'opt/tracemill', 'tracemill', 'swe_util', 'swerex', 'root/\\.swerex'].join('|')})(?:/|$)`,
);
export const ownPatch = /^\/root\/(?:model|test|state)[\w.]*\.(?:patch|json)$/;
export const sourceFile = /\.(?:py|pyi|go|[cm]?[jt]sx?|rs|java|kt|php|c|h|cc|cpp|hpp|rb|md|rst|html|css|scss|vue|svelte|golden|snap|out)$/i;

/** Names that are worth a second look in a path of the tree; most have none. */
export const telling =
  /git|gold|patch|deps\/|solution|oracle|answer|hidden|fix|task|instance|problem|sample|metadata|datum|row|swe|pass|f2p|p2p|traj|pred|output|llm|infer|previous|rollout|run|attempt|history|eval|grad|verif|expected|tests?_|report|docker|packages|node_modules|vendor|registry|cache|\.m2|\.tox|\.nox|cov|junit|\.vs\/|\.idea|ipynb_|\.un~|bench|turbo|bazel|allure|\.metals|kate-|gradle|mutant|stryker|playwright|cypress|\.asv|tags$|TAGS$|cscope|\.dll$|\.exe$|\.gc|\.[tn]ox|examples\.txt|surefire|test-?results|TEST-|\.trx|LastTest|\.class|\.pyc|\.o$|beam|target|build|_build|classes|\.sw|#|~$|orig|\.bak|\.old|\.save|backup|hypothesis|stestr|testmon|rspec_status|nyc|dist\/|snap|received|actual|nosetests|\.trs|mochawesome|rspec|erl_crash|combined\.prof|dart_tool|ct_run|xctest|zig-cache|\.deps|executionHistory|aider|snapshot|[?*[]/i;

/** Names of files that every project has: one more of them says nothing. */
export const everybodys =
  /(?:^|\/)(?:__\w+__|setup|conftest|index|main|mod|lib|utils?|helpers?|types|config|constants|base|version|app|common|core|errors?|exceptions?|test|package|pyproject|Makefile|README|CMakeLists|Cargo|LICENSE)\.\w+$/i;
/** Text of a program, by its ending. */
export const programText = /\.(?:py|pyx|[cm]?[jt]sx?|go|rs|java|kt|php|c|h|cc|cpp|hpp|rb|exs?|cs|scala|swift|lua|jl|vue|pm|hs|ml|dart)$/;
