/**
 * The rooms of the project: what each is, and which rooms it may import. A room names only rooms above it, so no circle
 * can arise. docs/architecture.md shows this table; a test holds the two together and proves that a breach is caught.
 */
const libraries = [
  'activities/syntax',
  'activities/tables',
  'activities/licences',
  'activities/reasoning',
  'activities/patches',
  'activities/rendering',
  'activities/python',
  'activities/secrets',
];
const ports = [
  'activities/artifacts',
  'activities/ledger',
  'activities/journal',
  'activities/engine',
  'activities/model',
  'activities/jobs',
];
const ground = ['schemas', 'platform'];
const shared = [...ground, 'workflows/contract', ...libraries, ...ports];
/** Rooms with a face, `index.ts`: nothing else of them is imported by others. */
const stages = [
  'planning',
  'source',
  'sandbox',
  'rollout',
  'verification',
  'ingestion',
  'scanning',
  'filtering',
  'dataset',
  'training',
  'evaluation',
  'pipeline',
];
const stage = (...earlier) => [...shared, ...earlier.map((name) => `activities/${name}`)];

/** @type {Record<string, { is: string, imports: string[] }>} */
export const rooms = {
  schemas: { is: 'every shape: records, activity inputs, status and reports', imports: [] },
  platform: { is: 'what everybody may import: home, lock, logger, files, processes, waiting, connections', imports: ['schemas'] },
  'workflows/contract': {
    is: 'what workflows and their callers agree on: ids, queues, messages, search keys, activity interfaces',
    imports: ['schemas'],
  },
  'activities/syntax': { is: 'library: grammars of Bash and Python, commands and literals in text', imports: ground },
  'activities/tables': { is: 'library: Parquet, JSON and byte ranges as rows', imports: ground },
  'activities/licences': { is: 'library: SPDX names and expressions', imports: ground },
  'activities/reasoning': { is: 'library: thinking and answer of a reply told apart', imports: ground },
  'activities/patches': { is: 'library: patches, their facts, test paths', imports: ground },
  'activities/rendering': { is: 'library: chat templates and tokenizer of the student: text, tokens, loss mask', imports: ground },
  'activities/python': { is: 'library: pinned Python environments', imports: ground },
  'activities/secrets': { is: 'library: keys, passwords, addresses and names in text: found and replaced', imports: ground },
  'activities/artifacts': { is: 'port: immutable blobs by sha256', imports: [...ground, ...libraries] },
  'activities/ledger': {
    is: 'port: everything planned, every row, each decision',
    imports: [...ground, 'workflows/contract', ...libraries],
  },
  'activities/journal': { is: 'port: the append-only record of a rollout', imports: [...ground, ...libraries] },
  'activities/engine': { is: 'port: containers and images; Docker ends here', imports: [...ground, ...libraries] },
  'activities/model': {
    is: 'port: the model session and the gateway that holds the requests',
    imports: [...ground, ...libraries, 'activities/artifacts', 'activities/journal'],
  },
  'activities/jobs': { is: 'port: programs run by this machine, Slurm or Kubernetes', imports: [...ground, ...libraries] },
  'activities/planning': { is: 'stage: a campaign file becomes a plan; what comes next, and where', imports: stage() },
  'activities/source': { is: 'stage: rows become tasks by the source rules', imports: stage('planning') },
  'activities/sandbox': { is: 'stage: clean images, containers, shell, editor, patch', imports: stage('planning', 'source') },
  'activities/rollout': { is: 'stage: harnesses and what drives them, turn by turn', imports: stage('planning', 'source', 'sandbox') },
  'activities/verification': {
    is: 'stage: gate and test runs, log parsers, verdicts',
    imports: stage('planning', 'source', 'sandbox', 'rollout'),
  },
  'activities/ingestion': { is: "way in beside rollout: other tools' trajectories", imports: stage() },
  'activities/scanning': {
    is: 'stage: findings of git hacking in trajectories',
    imports: stage('planning', 'source', 'sandbox', 'rollout', 'verification', 'ingestion'),
  },
  'activities/filtering': {
    is: 'stage: filters decide on rows, the ledger records it',
    imports: stage('planning', 'source', 'sandbox', 'rollout', 'verification', 'scanning'),
  },
  'activities/dataset': {
    is: 'stage: releases: shards, manifest, card, export',
    imports: stage('planning', 'source', 'sandbox', 'rollout', 'verification', 'scanning', 'filtering'),
  },
  'activities/training': {
    is: 'stage: a release becomes training files, a job and a checkpoint',
    imports: stage('planning', 'source', 'sandbox', 'rollout', 'verification', 'scanning', 'filtering', 'dataset'),
  },
  'activities/evaluation': {
    is: 'stage: benchmarks, graders, statistics and reports of a student',
    imports: stage('planning', 'source', 'sandbox', 'rollout', 'verification', 'scanning', 'filtering', 'dataset', 'training'),
  },
  'activities/pipeline': {
    is: 'stage: one report over all that a pipeline ran',
    imports: stage(...stages.filter((name) => name !== 'ingestion' && name !== 'pipeline')),
  },
  workflows: { is: 'lifecycles of campaigns, pull requests, rollouts, releases, students', imports: ['schemas', 'workflows/contract'] },
  workers: { is: 'composition: what each activity needs is put together here', imports: ['activities'] },
  client: {
    is: 'start, steer, status, reports: what the command line and pages share',
    imports: [...shared, 'activities/planning', 'workflows'],
  },
  'web/model': { is: 'what pages and their server compute alike, in Node and in browsers: transcripts, lists', imports: ['schemas'] },
  'web/pages': { is: 'the pages as browsers run them', imports: ['schemas', 'web/model'] },
  'web/server': {
    is: 'what serves the pages: a home, files, a release; bundles of plain files',
    imports: ['activities', 'client', 'web/model'],
  },
  infra: { is: 'bootstrap, doctor, the dev server', imports: [...ground, 'workflows/contract', 'activities/engine', 'activities/sandbox'] },
  demo: { is: 'recipes, repositories, the scripted teacher, a whole campaign over them', imports: ['activities', 'client', 'infra'] },
  cli: { is: 'one file a command', imports: ['activities', 'client', 'workers', 'web/server', 'web/model', 'infra', 'demo'] },
};

const names = Object.keys(rooms);
const escaped = (name) => name.replaceAll('/', '\\/');
/** Files of a room that are not those of a room inside it: workflows/contract is not workflows. */
const filesOf = (name) => {
  const inner = names.filter((other) => other.startsWith(`${name}/`)).map((other) => `${escaped(other.slice(name.length + 1))}\\/`);
  return `^${escaped(name)}\\/${inner.length > 0 ? `(?!${inner.join('|')})` : ''}`;
};
/** Rooms above those of the composition and the command line may use everything on the ground, too. */
const allowedOf = (name) => {
  const { imports } = rooms[name];
  return imports.includes('activities') ? [...imports, ...ground, 'workflows', 'workflows/contract'] : imports;
};

/** What a room may import, as docs/architecture.md says it. */
export function importsInWords(name) {
  const { imports } = rooms[name];
  const groups = [
    ['libraries', libraries],
    ['ports', ports],
  ].filter(([, members]) => members.every((member) => imports.includes(member)));
  const grouped = groups.flatMap(([, members]) => members);
  const single = imports.filter((imported) => !grouped.includes(imported)).map((imported) => `\`${imported.replace('activities/', '')}\``);
  if (imports.includes('activities')) single.push('what those import');
  return [...single, ...groups.map(([word]) => word)].join(', ') || 'nothing';
}

export default {
  forbidden: [
    ...names.map((name) => ({
      name: `rooms: ${name}`,
      comment: `${name} imports only ${allowedOf(name).join(', ') || 'nothing'}`,
      severity: 'error',
      from: { path: filesOf(name) },
      to: {
        path: '^(schemas|platform|workflows|activities|workers|client|web|infra|demo|cli|test)\\/',
        pathNot: [filesOf(name), ...allowedOf(name).map((allowed) => `^${escaped(allowed)}\\/`)],
      },
    })),
    ...stages.map((name) => ({
      name: `face: ${name}`,
      comment: `other rooms import activities/${name}/index.ts alone; workers/ also what it composes, the activities`,
      severity: 'error',
      from: { path: '^(platform|workflows|activities|workers|client|web|infra|demo|cli)\\/', pathNot: `^activities\\/${name}\\/` },
      to: { path: `^activities\\/${name}\\/`, pathNot: `^activities\\/${name}\\/(index|[a-z-]*activities)\\.ts$` },
    })),
    {
      name: 'activities are put together in workers/',
      severity: 'error',
      from: { path: '^(platform|workflows|activities|client|web|infra|demo|cli)\\/' },
      to: { path: '^activities\\/[a-z]+\\/[a-z-]*activities\\.ts$' },
    },
    {
      name: 'every file has a room',
      severity: 'error',
      from: { path: '^(schemas|platform|workflows|activities|workers|client|web|infra|demo|cli)\\/' },
      to: { path: '^activities\\/', pathNot: names.map(filesOf) },
    },
    { name: 'no circle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'docker ends at the engine',
      severity: 'error',
      from: { pathNot: ['^activities\\/engine\\/', '^test\\/'] },
      to: { path: 'node_modules\\/(@types\\/)?dockerode' },
    },
    {
      name: 'workflows are deterministic',
      comment: 'the bundle takes nothing but the workflow package and the contract',
      severity: 'error',
      from: { path: '^workflows\\/' },
      to: { path: 'node_modules\\/', pathNot: 'node_modules\\/@temporalio\\/(workflow|common)\\/' },
    },
    {
      name: 'pages run in browsers',
      comment: 'nothing of Node is bundled for them',
      severity: 'error',
      from: { path: '^web\\/(pages|model)\\/' },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(demo\\/repositories|test\\/.*\\/fixtures)\\/' },
    parser: 'swc',
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['node', 'import', 'require', 'default'] },
  },
};
