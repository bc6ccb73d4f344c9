import type { Message } from '../../../schemas/message.ts';

/** A call of the shell, with what it printed. */
function step(number: number, command: string, output: string, reply = `step ${number}`, thinking?: string): Message[] {
  const id = `call-${number}`;
  return [
    {
      role: 'assistant',
      content: reply,
      ...(thinking === undefined ? {} : { reasoning_content: thinking }),
      tool_calls: [{ id, type: 'function', function: { name: 'bash', arguments: JSON.stringify({ command }) } }],
    },
    { role: 'tool', tool_call_id: id, content: output },
  ];
}

const failed = 'Traceback\nValueError: no such thing\nexit code: 1';

/** Turn 41 and 71 fail; turns are numbered from 0, rows of the page from the two prompts on. */
export function hundredTurns(): Message[] {
  const steps = Array.from({ length: 100 }, (_, number) =>
    step(number, `sed -n ${number}p cache.py`, number % 30 === 11 && number > 11 ? failed : `line ${number}\n`.repeat(1 + (number % 12))),
  );
  return [{ role: 'system', content: 'work' }, { role: 'user', content: 'fix it' }, ...steps.flat()];
}

/** 50 MB of results, some of them 2 MB long. */
export function fiftyMegabytes(): Message[] {
  const steps = Array.from({ length: 200 }, (_, number) =>
    step(number, `cat part-${number}`, number % 10 === 0 ? 'y'.repeat(2_000_000) : `a line of part ${number}\n`.repeat(2500)),
  );
  return [{ role: 'user', content: 'fix it' }, ...steps.flat()];
}

/** Strings that would do something, if any of them were more than text. */
const hostile = {
  script: '<script>document.title = "run"</script><img src=x onerror="document.title=\'run\'"><svg onload="document.title=\'run\'">',
  link: '[click](javascript:document.title="run") ![see](https://elsewhere.example/x.png) <https://elsewhere.example/y>',
  osc: '\u001b]8;;https://elsewhere.example/z\u0007a link\u001b]8;;\u0007 \u001b[31mred\u001b[0m',
  bidi: 'a \u202Egnp.exe\u2069 and\u200Bzero',
};

export function hostileRun(): Message[] {
  return [
    { role: 'user', content: `${hostile.script}\n${hostile.link}` },
    ...step(0, hostile.script, hostile.osc, `${hostile.link}\n\n${hostile.script}`, hostile.script),
    ...step(1, hostile.bidi, hostile.bidi),
    ...step(2, 'deep', 'x', `${'>'.repeat(5000)} deep\n${'['.repeat(20_000)}`),
    ...step(3, 'wide', `${'z'.repeat(30_000)}\n`),
  ];
}

/** One edit of a file, with markup in its texts. */
export function editingRun(): Message[] {
  const [reply, result] = step(0, '', 'The file has been edited.');
  const edit = {
    command: 'str_replace',
    path: '/repo/a.html',
    old_str: 'x\n<b>old</b>\n',
    new_str: 'x\n<script>document.title = "edit"</script>\n',
  };
  const call = { id: 'call-0', type: 'function' as const, function: { name: 'str_replace_editor', arguments: JSON.stringify(edit) } };
  if (reply?.role !== 'assistant' || result === undefined) throw new Error('a step is a reply and its result');
  return [{ role: 'user', content: 'fix it' }, { ...reply, tool_calls: [call] }, result];
}
