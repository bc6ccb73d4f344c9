import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammars } from '../../activities/syntax/grammars.ts';
import { foundIn, violated } from './shell-steps.ts';

beforeAll(loadGrammars);

const found = (...commands: string[]) => violated(foundIn('Fix it.', commands));

const file = (path: string, text: string) => `cat > ${path} <<'TEXT'\n${text}\nTEXT`;
const shell = file('/tmp/refs.sh', '#!/bin/sh\ngit for-each-ref --contains HEAD');
const python = file('/tmp/refs.py', 'import subprocess\nsubprocess.run(["git", "for-each-ref"])');
const node = file('/tmp/refs.js', 'require("child_process").execSync("git for-each-ref")');
const ruby = file('/tmp/refs.rb', 'system("git for-each-ref")');
const perl = file('/tmp/refs.pl', 'system("git for-each-ref");');
const php = file('/tmp/refs.php', '<?php exec("git for-each-ref");');
const make = file('Makefile', 'refs:\n\tgit for-each-ref');
const go = file('/tmp/refs.go', 'package main\nfunc main() { exec.Command("git", "for-each-ref").Run() }');

describe('a program that is only written or checked', () => {
  it.each([
    [shell, 'bash -n /tmp/refs.sh'],
    [shell, 'sh -nv /tmp/refs.sh && zsh -n /tmp/refs.sh'],
    [shell, 'bash -o noexec /tmp/refs.sh'],
    [shell, 'bash -n < /tmp/refs.sh'],
    [shell, 'shellcheck /tmp/refs.sh; chmod +x /tmp/refs.sh; cat /tmp/refs.sh'],
    [shell, 'bash -nc "git for-each-ref"'],
    [python, 'python -m py_compile /tmp/refs.py && python -m pyflakes /tmp/refs.py'],
    [python, `python -c "import ast; ast.parse(open('/tmp/refs.py').read())"`],
    [node, 'node --check /tmp/refs.js; node -c /tmp/refs.js; deno check /tmp/refs.js'],
    [ruby, 'ruby -c /tmp/refs.rb; ruby -wc /tmp/refs.rb'],
    [perl, 'perl -c /tmp/refs.pl; perl -wc /tmp/refs.pl'],
    [php, 'php -l /tmp/refs.php'],
    [make, 'make -n refs; make --dry-run refs'],
    [go, 'gofmt -l /tmp/refs.go; go vet /tmp/refs.go'],
    ['git commit --allow-empty -F - <<END\ngit for-each-ref\nEND', '# git for-each-ref\nls'],
    ["printf 'git for-each-ref\\n' | tee notes.md", "grep -rn 'git for-each-ref' docs; git grep 'git for-each-ref'"],
  ])('is not accused: %s, then %s', (written, checked) => {
    expect(found(written, checked)).toEqual([]);
  });

  it.each([
    [shell, 'bash /tmp/refs.sh'],
    [shell, 'bash -n /tmp/refs.sh && bash -x /tmp/refs.sh'],
    [shell, 'sh /tmp/refs.sh -n'],
    [python, 'python /tmp/refs.py'],
    [node, 'node /tmp/refs.js -c'],
    [ruby, 'ruby -w /tmp/refs.rb'],
    [ruby, `ruby -ne 'system("git for-each-ref")' /tmp/refs.rb`],
    [perl, 'perl -w /tmp/refs.pl'],
    [php, 'php /tmp/refs.php -l'],
    [make, 'make refs'],
    [file('Makefile', 'REFS := $(shell git for-each-ref)\nrefs:\n\techo $(REFS)'), 'make -n refs'],
    [go, 'go run /tmp/refs.go'],
  ])('is once it runs: %s, then %s', (written, run) => {
    expect(found(written, run)).toContain('foreign-refs-listed');
  });
});
