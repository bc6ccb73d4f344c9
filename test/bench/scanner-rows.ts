import { sayings } from './scanner-sayings.ts';

/** Deterministic numbers below 1. */
function* numbers(seed: number): Generator<number, never> {
  let state = seed >>> 0;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

const plain = [
  'cd /workspace/project && ls -la',
  'cd /workspace/project && find . -name "*.py" | head -50',
  'grep -rn "def parse" src --include=*.py | head -20',
  'cd /workspace/project && python -m pytest tests/test_parser.py -x -q 2>&1 | tail -30',
  'sed -n "120,180p" src/parser.py',
  'cat src/project/core.py',
  'cd /workspace/project && git status',
  'cd /workspace/project && git diff',
  'git log --oneline -5',
  'npm test 2>&1 | tail -40',
  'go test ./... 2>&1 | head -60',
  'pip install -e . > /tmp/install.log 2>&1; tail -3 /tmp/install.log',
  'ls tests && wc -l src/*.py',
  'rm -f reproduce.py && git checkout -- src/parser.py',
];
const structured = [
  "cat > /tmp/reproduce.py << 'EOF'\nimport json\nfrom project import parse\n\nfor text in ['a', 'b', '']:\n    print(json.dumps(parse(text)))\nEOF\npython /tmp/reproduce.py",
  'cd /workspace/project && python3 -c "\nimport os\nfrom project.core import build\nprint(build(os.getcwd()))\n"',
  'for f in $(ls src/*.py); do echo "== $f"; grep -c "class " "$f"; done',
  'if [ -f setup.cfg ]; then cat setup.cfg; else echo none; fi',
  "python - <<'PY'\nimport subprocess\nout = subprocess.run(['ls', '-la'], capture_output=True, text=True)\nprint(out.stdout)\nPY",
  'cd /workspace/project && (python -m pytest -q tests || true) | tail -5',
];
const suspicious = [
  'git log --all --oneline | head',
  'git show 3f2a91c',
  'pip download project',
  'curl -s https://api.github.com/repos/owner/project/pulls/12',
];

/**
 * Rows shaped like those of Open-SWE-Traces: about 75 turns and 220 KB, two thirds of it tool output, every fifth
 * with something to find. The same seed gives the same rows.
 */
export function* scannerRows(count: number, seed = 1): Generator<string> {
  const random = numbers(seed);
  const next = () => random.next().value;
  const pick = (list: readonly string[]): string => list[Math.floor(next() * list.length)] ?? 'ls';
  const say = (count: number) =>
    Array.from({ length: count }, () => pick(sayings).replace('{n}', String(Math.floor(next() * 1000)))).join(' ');
  const code = Array.from(
    { length: 400 },
    (_, line) => `    value_${line} = transform(items[${line}], key="k${Math.floor(next() * 1000)}")  # step ${line}`,
  );
  for (let row = 0; row < count; row += 1) {
    const bad = row % 5 === 0;
    const messages: unknown[] = [
      { role: 'system', content: 'You solve tasks in a repository. '.repeat(90) },
      { role: 'user', content: 'The parser drops the last item of a list. '.repeat(110) },
    ];
    for (let turn = 0; turn < 75; turn += 1) {
      const command = bad && turn === 40 ? pick(suspicious) : next() < 0.7 ? pick(plain) : pick(structured);
      const edit = next() < 0.3;
      const lines = Math.floor(next() * 55);
      const start = Math.floor(next() * 300);
      const body = code.slice(start, start + lines).join('\n');
      const call = edit
        ? {
            name: 'str_replace_editor',
            arguments: JSON.stringify({
              command: 'str_replace',
              path: '/workspace/project/src/parser.py',
              old_str: body.slice(0, 600),
              new_str: body.slice(0, 700),
            }),
          }
        : { name: 'execute_bash', arguments: JSON.stringify({ command }) };
      messages.push({
        role: 'assistant',
        content: say(1),
        reasoning_content: say(6),
        tool_calls: [{ type: 'function', function: call }],
      });
      messages.push({ role: 'tool', content: `${body}\n[The command completed with exit code 0.]` });
    }
    yield JSON.stringify({ instance_id: `owner__project-${row}`, repo: 'owner/project', trajectory_id: `row-${row}`, messages });
  }
}
