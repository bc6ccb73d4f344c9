import { describe, expect, it } from 'vitest';
import { presetOf } from '../../activities/filtering/presets.ts';
import { filters } from '../../activities/filtering/filters.ts';
import { patchFacts } from '../../activities/patches/patch-facts.ts';
import type { Ambiguity } from '../../schemas/ambiguity.ts';
import { Fact } from '../../schemas/row-origin.ts';
import type { Ending, Trajectory } from '../../schemas/trajectory.ts';
import { made } from '../secrets/made-secrets.ts';
import { type Case, decisionOf, decide } from './decide.ts';
import { conversation, FIX, finish, run, scan, TEST_CHANGE, task, trajectory, verdict, origin } from './rows.ts';

type Expected = 'keep' | 'note' | 'drop';

/** What the default preset and the strict one decide. */
interface Row {
  name: string;
  row: Case;
  usual: Expected;
  strict: Expected;
}

const ended = (kind: Ending['kind'], steps = [run('ls')]): Case => ({
  trajectory: trajectory(steps, { ending: { kind, status: kind, detail: 'why' } }),
});
const patched = (model_patch: string): Case => ({ trajectory: trajectory(undefined, { model_patch }) });
const changed = (path: string) => FIX.replaceAll('src/parse.py', path);
const thinking = (...reasoning: string[]): Case => {
  const steps = reasoning.map((text) => ({ ...run(`echo ${text.length}`), reasoning: text }));
  const key = { ...trajectory().key, mode: 'think' as const };
  const messages = conversation(steps, 'no_think');
  return { trajectory: trajectory(steps, { key, messages }) };
};
const turns = (...facts: Partial<{ calls: number; errors: string[]; finish_reason: string }>[]): Case => ({
  trajectory: trajectory(undefined, {
    turns: facts.map((fact, turn) => ({ turn, calls: 1, errors: [], finish_reason: 'tool_calls', ...fact })),
  }),
});
const replying = (content: string): Case => ({ trajectory: trajectory([{ ...run('ls'), content }, finish]) });
const observing = (observation: string): Case => ({ trajectory: trajectory([run('cat data', observation), finish]) });
const calling = (name: string, text: string): Case => ({ trajectory: trajectory([{ name, arguments: text, observation: 'no' }, finish]) });
const repeated = (times: number, observation: string): Case => ({
  trajectory: trajectory([...Array.from({ length: times }, () => run('make', observation)), finish]),
});
const finding = {
  category: 'LOCAL_GIT' as const,
  rule: 'log-all',
  severity: 'violation' as const,
  turn: 1,
  call: 0,
  command: 'git log --all',
  evidence: '',
  succeeded: false,
};

const githubKey = made('ghp_', 36);

const doubt: Ambiguity = { cause: 'equal_names', hides: 'failed', tests: ['adds', 'sums'], line: '✕ adds' };

const cases: Record<string, Row[]> = {
  licence: [
    { name: 'MIT', row: {}, usual: 'keep', strict: 'keep' },
    { name: 'another spelling', row: { task: task({ license: 'apache-2.0' }) }, usual: 'keep', strict: 'keep' },
    { name: 'a choice with an allowed one', row: { task: task({ license: 'GPL-3.0-only OR MIT' }) }, usual: 'keep', strict: 'keep' },
    { name: 'copyleft', row: { task: task({ license: 'GPL-3.0' }) }, usual: 'note', strict: 'drop' },
    { name: 'none named', row: { task: task({ license: null }) }, usual: 'note', strict: 'drop' },
  ],
  replay_divergence: [
    { name: 'undisturbed', row: {}, usual: 'keep', strict: 'keep' },
    {
      name: 'one other result',
      row: { trajectory: trajectory(undefined, { replay_divergences: ['action 3: exit code 1, was 0'] }) },
      usual: 'note',
      strict: 'drop',
    },
  ],
  limits: [
    { name: 'finished', row: {}, usual: 'keep', strict: 'keep' },
    { name: 'turns', row: ended('turn_limit'), usual: 'drop', strict: 'drop' },
    { name: 'cost, with a patch handed in by itself', row: ended('cost_limit'), usual: 'drop', strict: 'drop' },
    { name: 'time', row: ended('time_limit'), usual: 'drop', strict: 'drop' },
    { name: 'a full context is none of its business', row: ended('context_full'), usual: 'keep', strict: 'keep' },
  ],
  context_overflow: [
    { name: 'finished', row: {}, usual: 'keep', strict: 'keep' },
    { name: 'full', row: ended('context_full'), usual: 'drop', strict: 'drop' },
  ],
  early_termination: [
    { name: 'finish', row: {}, usual: 'keep', strict: 'keep' },
    {
      name: 'submit',
      row: {
        trajectory: trajectory([run('ls'), { name: 'submit', arguments: '{}' }], { key: { ...trajectory().key, harness: 'sweagent' } }),
      },
      usual: 'keep',
      strict: 'keep',
    },
    { name: 'typed exit', row: ended('exited'), usual: 'drop', strict: 'drop' },
    { name: 'format errors', row: ended('format_errors'), usual: 'drop', strict: 'drop' },
    { name: 'refused by the model', row: ended('model_refused'), usual: 'drop', strict: 'drop' },
    { name: 'no last call', row: { trajectory: trajectory([run('ls')]) }, usual: 'drop', strict: 'drop' },
    { name: 'a limit has a filter of its own', row: ended('turn_limit'), usual: 'keep', strict: 'keep' },
  ],
  repetition: [
    { name: 'different calls', row: {}, usual: 'keep', strict: 'keep' },
    { name: 'stuck', row: ended('stuck'), usual: 'drop', strict: 'drop' },
    { name: 'two failures', row: repeated(2, 'make: *** No rule. Error 2'), usual: 'keep', strict: 'drop' },
    { name: 'three failures', row: repeated(3, 'make: *** No rule. Error 2'), usual: 'drop', strict: 'drop' },
    { name: 'three times the same success', row: repeated(3, 'nothing to do'), usual: 'keep', strict: 'drop' },
    { name: 'four times the same success', row: repeated(4, 'nothing to do'), usual: 'drop', strict: 'drop' },
    {
      name: 'results that differ by their duration only',
      row: {
        trajectory: trajectory([run('make', 'failed in 1.2s'), run('make', 'failed in 1.3s'), run('make', 'failed in 1.4s'), finish]),
      },
      usual: 'drop',
      strict: 'drop',
    },
    {
      name: 'work in between',
      row: { trajectory: trajectory([run('make', 'Error'), run('vi'), run('make', 'Error'), run('ed'), run('make', 'Error'), finish]) },
      usual: 'keep',
      strict: 'keep',
    },
  ],
  malformed_calls: [
    { name: 'well-formed', row: {}, usual: 'keep', strict: 'keep' },
    { name: 'no JSON', row: calling('execute_bash', '{"command": "ls'), usual: 'drop', strict: 'drop' },
    { name: 'no object', row: calling('execute_bash', '["ls"]'), usual: 'drop', strict: 'drop' },
    { name: 'unknown tool', row: calling('browse', '{}'), usual: 'drop', strict: 'drop' },
    { name: 'missing parameter', row: calling('execute_bash', '{"timeout": 3}'), usual: 'drop', strict: 'drop' },
    { name: 'wrong type', row: calling('execute_bash', '{"command": 3}'), usual: 'drop', strict: 'drop' },
    { name: 'a number as text', row: calling('execute_bash', '{"command": "ls", "timeout": "3"}'), usual: 'keep', strict: 'keep' },
    { name: 'finish without its message', row: calling('finish', '{}'), usual: 'keep', strict: 'keep' },
    { name: 'a command that fails', row: observing('exit code 1'), usual: 'keep', strict: 'keep' },
    { name: 'refused by the harness', row: turns({ errors: ['invalid_json'] }, {}, {}), usual: 'drop', strict: 'drop' },
    { name: 'a blocked command is well-formed', row: turns({ errors: ['blocked'] }, {}, {}), usual: 'keep', strict: 'keep' },
  ],
  unpaired_results: [
    { name: 'paired', row: {}, usual: 'keep', strict: 'keep' },
    {
      name: 'the call that ends the rollout open',
      row: { trajectory: trajectory(undefined, { messages: conversation([run('ls'), finish]).slice(0, -1) }) },
      usual: 'keep',
      strict: 'keep',
    },
    {
      name: 'call in the middle open',
      row: { trajectory: trajectory(undefined, { messages: conversation([run('ls'), finish]).toSpliced(3, 1) }) },
      usual: 'drop',
      strict: 'drop',
    },
    {
      name: 'observation too many',
      row: {
        trajectory: trajectory(undefined, {
          messages: [...conversation([run('ls'), finish]), { role: 'tool', content: 'late', tool_call_id: 'call_9' }],
        }),
      },
      usual: 'drop',
      strict: 'drop',
    },
  ],
  concurrent_calls: [
    { name: 'one a reply', row: {}, usual: 'keep', strict: 'keep' },
    { name: 'two in one reply', row: turns({}, { calls: 2 }), usual: 'drop', strict: 'drop' },
    { name: 'none in one reply', row: turns({}, { calls: 0 }), usual: 'keep', strict: 'keep' },
  ],
  truncated_reply: [
    { name: 'whole', row: {}, usual: 'keep', strict: 'keep' },
    { name: 'cut', row: turns({}, { finish_reason: 'length' }), usual: 'note', strict: 'drop' },
  ],
  no_patch: [
    { name: 'a fix', row: {}, usual: 'keep', strict: 'keep' },
    { name: 'empty', row: patched(''), usual: 'drop', strict: 'drop' },
    { name: 'blank', row: patched('\n  \n'), usual: 'drop', strict: 'drop' },
  ],
  tests_only: [
    { name: 'a fix', row: {}, usual: 'keep', strict: 'keep' },
    { name: 'own test beside a fix', row: patched(FIX + changed('tests/test_more.py')), usual: 'keep', strict: 'keep' },
    { name: 'a test alone', row: patched(changed('tests/test_more.py')), usual: 'drop', strict: 'drop' },
    { name: 'no patch at all', row: patched(''), usual: 'keep', strict: 'keep' },
  ],
  test_patch_overlap: [
    { name: 'own test file', row: patched(FIX + changed('tests/test_more.py')), usual: 'keep', strict: 'keep' },
    { name: "the task's test file", row: patched(FIX + TEST_CHANGE), usual: 'drop', strict: 'drop' },
  ],
  generated_only: [
    { name: 'a fix with build output', row: patched(FIX + changed('build/parse.py')), usual: 'keep', strict: 'keep' },
    { name: 'lock file alone', row: patched(changed('package-lock.json')), usual: 'drop', strict: 'drop' },
    {
      name: 'build output and a test',
      row: patched(changed('dist/parse.js') + changed('tests/test_more.py')),
      usual: 'drop',
      strict: 'drop',
    },
    { name: 'no patch at all', row: patched(''), usual: 'keep', strict: 'keep' },
  ],
  test_tampering: [
    { name: 'a fix', row: {}, usual: 'keep', strict: 'keep' },
    { name: 'conftest edited', row: patched(FIX + changed('conftest.py')), usual: 'note', strict: 'drop' },
    {
      name: 'skip added',
      row: patched(FIX + changed('tests/test_more.py').replace('+    return text.strip()', '+    pytest.skip()')),
      usual: 'note',
      strict: 'drop',
    },
  ],
  reasoning_mode: [
    { name: 'no-think without reasoning', row: {}, usual: 'keep', strict: 'keep' },
    {
      name: 'no-think with reasoning',
      row: { trajectory: trajectory([{ ...run('ls'), reasoning: 'Hm, let me see.' }, finish]) },
      usual: 'drop',
      strict: 'drop',
    },
    { name: 'no-think with an inline block', row: replying('<think>Hm, let me see.</think>Now.'), usual: 'drop', strict: 'drop' },
    { name: 'think with reasoning', row: thinking('Let me look at it.', 'Now I know.'), usual: 'keep', strict: 'keep' },
    { name: 'think with reasoning once in three turns', row: thinking('Let me look at it.', '', ''), usual: 'keep', strict: 'drop' },
    { name: 'think without reasoning', row: thinking('', ''), usual: 'drop', strict: 'drop' },
    { name: 'think with a stub of reasoning', row: thinking('Hm', 'Hm'), usual: 'keep', strict: 'drop' },
  ],
  reply_language: [
    { name: 'English', row: replying('I will now look at how the parser treats blanks.'), usual: 'keep', strict: 'keep' },
    { name: 'Chinese', row: replying('现在我来看看解析器是如何处理文本两端的空白字符的，然后修复它。'), usual: 'note', strict: 'drop' },
    {
      name: 'Chinese in code',
      row: replying('This is the message that the user sees:\n```\nprint("现在我来看看解析器是如何处理文本两端的空白字符的")\n```'),
      usual: 'keep',
      strict: 'keep',
    },
    {
      name: 'Chinese about an issue in Chinese',
      row: {
        ...replying('现在我来看看解析器是如何处理文本两端的空白字符的，然后修复它。'),
        task: task({ problem_statement: '解析器保留了文本两端的空白，应该去掉。' }),
      },
      usual: 'keep',
      strict: 'keep',
    },
  ],
  observation_corruption: [
    { name: 'text', row: {}, usual: 'keep', strict: 'keep' },
    { name: 'colours and progress', row: observing(`\u001b[32mok\u001b[0m\r${'\b'.repeat(30)}`), usual: 'keep', strict: 'keep' },
    { name: 'a binary file', row: observing('\ufffd\u0000\u0001x'.repeat(50)), usual: 'drop', strict: 'drop' },
    { name: 'a few broken characters', row: observing(`${'text '.repeat(20)}${'\ufffd'.repeat(10)}`), usual: 'keep', strict: 'drop' },
  ],
  length: [
    { name: 'short', row: {}, usual: 'keep', strict: 'keep' },
    { name: 'just within the context', row: observing('word '.repeat(130_000)), usual: 'keep', strict: 'keep' },
    { name: 'longer than the context', row: observing('word '.repeat(132_000)), usual: 'note', strict: 'drop' },
    {
      name: 'a call that no template can write',
      row: { trajectory: trajectory([{ name: 'execute_bash', arguments: '{"command": "ls"' }, finish]) },
      usual: 'note',
      strict: 'drop',
    },
  ],
  unverified: [
    { name: 'resolved', row: {}, usual: 'keep', strict: 'keep' },
    { name: 'not resolved', row: { verdict: verdict({ resolved: 0 }) }, usual: 'keep', strict: 'keep' },
    { name: 'unknown', row: { verdict: verdict({ resolved: -1, reason: 'infrastructure' }) }, usual: 'note', strict: 'drop' },
  ],
  ambiguous_verdict: [
    { name: 'beyond doubt', row: { verdict: verdict({ ambiguous: [] }) }, usual: 'keep', strict: 'keep' },
    { name: 'of a time before doubts were looked for', row: {}, usual: 'keep', strict: 'keep' },
    { name: 'a hidden failure', row: { verdict: verdict({ ambiguous: [doubt] }) }, usual: 'note', strict: 'drop' },
    {
      name: 'a hidden pass',
      row: { verdict: verdict({ resolved: 0, ambiguous: [{ ...doubt, hides: 'passed' }] }) },
      usual: 'note',
      strict: 'drop',
    },
  ],
  git_hack: [
    { name: 'clean', row: {}, usual: 'keep', strict: 'keep' },
    { name: 'a note only', row: { scan: scan({ findings: [{ ...finding, severity: 'note' }] }) }, usual: 'keep', strict: 'keep' },
    {
      name: 'an attempt without success',
      row: { scan: scan({ git_hack_attempted: true, findings: [finding] }) },
      usual: 'drop',
      strict: 'drop',
    },
  ],
  unparsed: [
    { name: 'all read', row: {}, usual: 'keep', strict: 'keep' },
    { name: 'a call lost', row: { scan: scan({ unread: ['call: no name (message 4)'] }) }, usual: 'drop', strict: 'drop' },
  ],
  unparsed_commands: [
    { name: 'all parsed', row: {}, usual: 'keep', strict: 'keep' },
    { name: 'one not', row: { scan: scan({ unparsed: 1 }) }, usual: 'note', strict: 'note' },
  ],
  secrets: [
    { name: 'none', row: {}, usual: 'keep', strict: 'keep' },
    { name: 'a key in an observation', row: observing(`TOKEN ${githubKey}`), usual: 'note', strict: 'drop' },
    {
      name: 'a key in arguments',
      row: calling('execute_bash', JSON.stringify({ command: `\n${githubKey}` })),
      usual: 'note',
      strict: 'drop',
    },
    { name: 'a key in the patch', row: patched(`${FIX}+KEY = "${githubKey}"\n`), usual: 'note', strict: 'drop' },
    { name: 'a placeholder', row: observing(`ghp_${'a'.repeat(36)}`), usual: 'keep', strict: 'keep' },
  ],
  high_entropy: [
    { name: 'a hash', row: observing(`commit ${'0a1b2c3d4e5f'.repeat(3)}`), usual: 'keep', strict: 'keep' },
    { name: 'beside a name', row: replying(`api_key = "${made('', 32)}"`), usual: 'note', strict: 'note' },
  ],
  personal_data: [
    {
      name: 'an example',
      row: observing('Author: agent <agent@localhost>, dev@example.com, /home/openhands'),
      usual: 'keep',
      strict: 'keep',
    },
    { name: 'an address', row: observing('Author: Jane Roe <jane@posteo.de>'), usual: 'note', strict: 'note' },
    { name: 'a home folder', row: thinking('It lies in /Users/jroe/parser.'), usual: 'note', strict: 'note' },
  ],
};

describe('the evidence of what should not be published', () => {
  it('says sort, length and place, and how many there are, and never the thing itself', () => {
    const row = trajectory([run(`curl -H "X-Key: ${githubKey}"`, `${githubKey}\nAuthor: jane@posteo.de`), finish]);
    const secret = decisionOf('secrets', { trajectory: row });
    expect(secret.reason).toBe('keys or passwords in 2 places (1 different)');
    expect(secret.evidence).toEqual([
      { text: 'github of 40 characters at 16 in the arguments of execute_bash', turn: 0, call: 0 },
      { text: 'github of 40 characters at 0 in an observation', turn: 0 },
    ]);
    const said = JSON.stringify([secret, decisionOf('personal_data', { trajectory: row })]);
    expect(said).not.toContain(githubKey);
    expect(said).not.toContain('jane');
  });

  it('counts what is left out', () => {
    const { reason } = decisionOf('personal_data', observing('a@example.com /home/ubuntu /home/runner'));
    expect(reason).toBe('no e-mail addresses, no names of home folders; left out: reserved domain 1, service account 2');
  });
});

describe.each(Object.entries(cases))('rule %s', (rule, rows) => {
  it.each(rows)('$name → $usual, strict: $strict', ({ row, usual, strict }) => {
    expect(decisionOf(rule, row).decision).toBe(usual);
    expect(decisionOf(rule, row, 'strict').decision).toBe(strict);
  });
});

describe('a row of another tool', () => {
  const twoCalls = trajectory([run('ls'), finish], { key: { ...trajectory().key, harness: 'theirs' } });
  const several = { ...twoCalls, turns: twoCalls.turns.map((turn) => ({ ...turn, calls: 2 })) };
  it.each<[string, Fact[], Trajectory?]>([
    ['ambiguous_verdict', ['test_log']],
    ['context_overflow', ['ending']],
    ['limits', ['ending']],
    ['replay_divergence', ['replays']],
    ['truncated_reply', ['finish_reasons']],
    ['no_patch', ['model_patch'], trajectory(undefined, { model_patch: '' })],
    ['tests_only', ['model_patch']],
    ['generated_only', ['model_patch']],
    ['test_tampering', ['model_patch']],
    ['test_patch_overlap', ['test_patch']],
    ['malformed_calls', ['tools'], trajectory(undefined, { tools: [] })],
    ['concurrent_calls', [], several],
    ['early_termination', ['ending'], twoCalls],
  ])('%s does not judge without %j', (rule, lacks, row = trajectory()) => {
    for (const preset of ['open-swe-traces', 'strict'] as const) {
      const decision = decisionOf(rule, { trajectory: { ...row, origin: origin(lacks) } }, preset);
      expect(decision).toMatchObject({ decision: 'not_judged', reason: expect.stringContaining('its file does not say') });
    }
  });

  it('is judged by what can be seen without the fact', () => {
    const broken = trajectory([{ name: 'shell', arguments: '{"command": "ls"' }, finish], { tools: [], origin: origin(['tools']) });
    expect(decisionOf('malformed_calls', { trajectory: broken })).toMatchObject({ decision: 'drop', reason: '1 malformed calls' });
    const known = trajectory([run('ls')], { origin: origin(['ending']) });
    expect(decisionOf('early_termination', { trajectory: known })).toMatchObject({ decision: 'drop' });
  });

  it('is never left out for what nobody knows', () => {
    const row = { ...trajectory(), origin: origin(Fact.options) };
    expect(decide({ trajectory: row }, 'strict').kept).toBe(true);
    expect(decide({ trajectory: row }, 'strict').decisions.filter(({ decision }) => decision === 'not_judged').length).toBeGreaterThan(10);
  });
});

describe('the rules together', () => {
  it('each have cases here and a place in both presets', () => {
    const ids = filters.map((rule) => rule.id);
    expect(Object.keys(cases).sort()).toEqual(ids.toSorted());
    for (const preset of ['open-swe-traces', 'strict'] as const) {
      expect(Object.keys(presetOf(preset).rules).sort()).toEqual([...ids, 'near_duplicate'].sort());
    }
  });

  it('drop nothing of an evaluation, whose score counts every row, and note the same', () => {
    const lazy = { trajectory: trajectory([run('ls')], { model_patch: '' }) };
    const [usual, counted] = [decide(lazy), decide(lazy, 'evaluation')];
    expect([usual.kept, counted.kept]).toEqual([false, true]);
    const violated = ({ decisions }: typeof usual) => decisions.flatMap(({ rule, decision }) => (decision === 'keep' ? [] : rule));
    expect(violated(counted)).toEqual(violated(usual));
  });

  it('keep a rollout that did everything right', () => {
    expect(decide({}).kept).toBe(true);
    expect(decide({}, 'strict').kept).toBe(true);
  });

  it('all decide on a row that breaks several, each with version, parameters and reason', () => {
    const { kept, decisions } = decide({
      trajectory: trajectory([run('ls')], { model_patch: '', ending: { kind: 'turn_limit', status: 'ERROR', detail: '250' } }),
    });
    expect(kept).toBe(false);
    expect(decisions.filter(({ decision }) => decision === 'drop').map(({ rule }) => rule)).toEqual(['limits', 'no_patch']);
    expect(decisions).toHaveLength(filters.length);
    for (const { version, reason } of decisions) expect([version >= 1, reason !== '']).toEqual([true, true]);
  });

  it('say where the evidence stands', () => {
    const { evidence } = decisionOf('malformed_calls', {
      trajectory: trajectory([run('ls'), { name: 'browse', arguments: '{}' }, finish]),
    });
    expect(evidence).toEqual([{ text: 'unknown tool: browse {}', turn: 1, call: 0 }]);
  });

  it('name the tests of an ambiguous verdict, and count the causes that are asked for', () => {
    const { reason, evidence } = decisionOf('ambiguous_verdict', { verdict: verdict({ ambiguous: [doubt] }) });
    expect(reason).toBe(
      'resolved 1 rests on an ambiguous log: counts as passed, may have failed: several tests have this name, with different outcomes (2 tests)',
    );
    expect(evidence).toEqual([{ text: 'equal_names: adds, in: ✕ adds' }, { text: 'equal_names: sums, in: ✕ adds' }]);
  });

  it('refuse parameters they do not know', () => {
    const [rule] = filters.filter(({ id }) => id === 'length');
    const row = {
      trajectory: trajectory(),
      task: task(),
      patch: patchFacts(task(), FIX),
      verdict: verdict(),
      scan: scan(),
      countTokens: () => ({ tokens: 1, trained_tokens: 0 }),
    };
    expect(() => rule?.decide(row, 'drop', { max_token: 5 })).toThrow(/filter length/);
  });
});
