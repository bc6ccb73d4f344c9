import type { OddImage } from './make-odd-image.ts';

/** A program that only an activated environment finds. */
const environment = `mkdir -p /opt/env/bin
printf '#!/bin/sh\\necho project\\n' >/opt/env/bin/project-python
chmod +x /opt/env/bin/project-python
`;
const activate = 'export PATH=/opt/env/bin:$PATH';
const startFile = (path: string, lines: string) => `${environment}cat >${path} <<'END'\n${lines}\nEND\n`;
const user = `echo 'app:x:1000:1000::/home/app:/bin/sh' >>/etc/passwd; echo 'app:x:1000:' >>/etc/group; mkdir -p /home/app; chown 1000:1000 /home/app\n`;
const asks = `python3 -c 'import socket; socket.gethostbyname(socket.gethostname()); socket.create_server(("::1", 0), family=socket.AF_INET6)'`;

/** Images that are odd as they run. */
export const imagesAsTheyRun: OddImage[] = [
  {
    what: 'activates its environment in ~/.bashrc, for interactive shells alone',
    setup: startFile(
      '/root/.bashrc',
      `case $- in *i*) ;; *) return ;; esac\n[ -n "$PS1" ] || return\necho Welcome; alias ls='ls -x'\n${activate}`,
    ),
    needs: 'project-python >/dev/null',
  },
  {
    what: 'activates it by a function of ~/.bashrc that its commands use again',
    setup: startFile('/root/.bashrc', 'use() { export PATH=/opt/$1/bin:$PATH USING=$1; }\nuse env'),
    needs: '[ "$USING" = env ] && use env && project-python >/dev/null',
  },
  {
    what: 'activates it in ~/.bash_profile',
    setup: startFile('/root/.bash_profile', activate),
    needs: 'project-python >/dev/null',
  },
  {
    what: 'activates it in /etc/profile.d, behind a PATH that the system sets back',
    setup: startFile('/etc/profile.d/env.sh', activate),
    changes: ['ENV PATH=/opt/tool/bin:/usr/local/bin:/usr/bin:/bin'],
    needs: 'project-python >/dev/null && case $PATH in *:/opt/tool/bin:*) ;; *) false ;; esac',
  },
  {
    what: 'starts another shell in ~/.bashrc',
    setup: startFile('/root/.bashrc', `${activate}\nexec zsh`),
    needs: 'project-python >/dev/null',
    remarks: ['image_start_files'],
  },
  {
    what: 'has a ~/.bashrc that fails and ends the shell',
    setup: startFile('/root/.bashrc', `set -e\n${activate}\nfalse`),
    needs: 'project-python >/dev/null',
    remarks: ['image_start_files'],
  },
  {
    what: 'lets every bash print',
    setup: `echo 'echo "Welcome to the build image"; export FROM_BASH_ENV=1' >/etc/env.sh`,
    changes: ['ENV BASH_ENV=/etc/env.sh'],
    needs: '[ "$FROM_BASH_ENV" ]',
  },
  { what: 'preloads a library that is missing', changes: ['ENV LD_PRELOAD=/usr/lib/libjemalloc-none.so'] },
  { what: 'lets every shell trace', changes: ['ENV SHELLOPTS=braceexpand:hashall:interactive-comments:xtrace'] },
  {
    what: 'lets every shell trace, and has bash for sh',
    setup: 'ln -sf bash /bin/sh',
    changes: ['ENV SHELLOPTS=braceexpand:verbose:xtrace'],
  },
  { what: 'has bash for sh', setup: 'ln -sf bash /bin/sh' },
  {
    what: 'has a user of its own, and root’s files in the work tree',
    setup: `${user}chmod 444 f.txt src/a.c; chmod 555 src`,
    changes: ['USER app', 'WORKDIR /proj'],
    needs: '[ "$(id -un)" = app ] && [ "$HOME" = /home/app ] && touch src/a.c src/b.o ~/used && [ ! -w /etc/passwd ]',
    remarks: ['image_user'],
  },
  {
    what: 'has a number for a user, which no account has',
    changes: ['USER 12345'],
    needs: '[ "$(id -u):$(id -g)" = 12345:0 ] && touch src/b.o',
    remarks: ['image_user'],
  },
  {
    what: 'has a user with another group, without a home',
    setup: `${user}rmdir /home/app; echo 'staff2:x:50000:app' >>/etc/group`,
    changes: ['USER app:staff2'],
    needs: '[ "$(id -u):$(id -g)" = 1000:50000 ] && touch src/b.o',
    remarks: ['image_user'],
  },
  {
    what: 'has a user who activates the environment in a ~/.bashrc of his own',
    setup: `${user}${startFile('/home/app/.bashrc', activate)}echo 'export WRONG=1' >/root/.bashrc; chown 1000 /home/app/.bashrc`,
    changes: ['USER app'],
    needs: 'project-python >/dev/null && [ -z "$WRONG" ]',
    remarks: ['image_user'],
  },
  { what: 'names root by number', changes: ['USER 0:0'], needs: '[ "$(id -u)" = 0 ]' },
  { what: 'has a user that is not there', changes: ['USER nobody-here'], refused: 'image_user_missing' },
  { what: 'has a PATH without the system’s folders', changes: ['ENV PATH=/opt/tool/bin'], needs: 'ls / >/dev/null' },
  {
    what: 'has odd variables',
    changes: [
      'ENV LANG=xx_XX.UTF-8 TZ=Nowhere/Land PS1="\\$(exit 3)" PROMPT_COMMAND="echo prompt" PYTHONWARNINGS=error NODE_OPTIONS=--no-such HOME=/nonexistent',
      'ENV ODD="a \\"b\\" \\$c \\\\d ä" IFS=x CDPATH=/ ENV=/nowhere POSIXLY_CORRECT=1 GREP_COLOR=1 TMPDIR=/nonexistent',
    ],
    env: [`LONG=${'x'.repeat(100_000)}`],
    needs: `[ "$ODD" = 'a "b" $c \\d ä' ] && [ "\${#LONG}" = 100000 ]`,
  },
  {
    what: 'has variables for git',
    changes: [
      'ENV GIT_DIR=/nowhere GIT_WORK_TREE=/nowhere GIT_TRACE=1 GIT_INDEX_FILE=/nowhere/index GIT_PAGER=none GIT_EXTERNAL_DIFF=none',
    ],
  },
  {
    what: 'starts a program that ends, and one that says whether it is well',
    changes: ['ENTRYPOINT ["/bin/false"]', 'CMD ["exec", "nothing"]', 'HEALTHCHECK --interval=1s CMD exit 1', 'ONBUILD RUN exit 1'],
  },
  { what: 'has its work tree on a volume', changes: ['VOLUME /proj', 'ENV KEPT="a $b"', 'ENV ALSO=1'], needs: '[ "$ALSO" = 1 ]' },
  { what: 'has a volume in its work tree', setup: 'echo changed >src/a.c', changes: ['VOLUME /proj/src'] },
  { what: 'has volumes elsewhere', changes: ['VOLUME ["/var/lib/data", "/root", "/tmp"]'] },
  { what: 'has as many layers as there may be', layers: 125 },
  { what: 'has no /tmp', setup: 'rm -rf /tmp /var/tmp', needs: '[ "$(cat <<<here)" = here ] && [ -k /tmp ]' },
  { what: 'has a closed /tmp and read-only folders', setup: 'chmod 555 /tmp src tests . ; chmod 000 /var/tmp', needs: 'touch src/b.o' },
  {
    what: 'has a user, a closed /tmp and no folder for others',
    setup: 'chmod 755 /tmp /var/tmp',
    changes: ['USER 12345'],
    needs: 'touch src/b.o && ! touch /tmp/x 2>/dev/null',
    remarks: ['image_user'],
  },
  { what: 'has no bash', base: 'minimal' },
  { what: 'has neither bash nor accounts', base: 'minimal', setup: 'rm -f /etc/passwd /etc/group' },
  {
    what: 'has a user, and no bash',
    base: 'minimal',
    changes: ['USER 1000:1000'],
    needs: '[ "$(id -u)" = 1000 ]',
    remarks: ['image_user'],
  },
  { what: 'has no git', setup: 'rm -f /usr/bin/git', refused: 'image_without_git' },
  { what: 'has no shell', base: 'minimal', setup: 'rm -f /bin/sh', refused: 'image_without_shell' },
  { what: 'has a work tree with blanks and other letters in its name', workdir: '/srv/my project/größe 日本' },
  { what: 'has a work tree with signs of shells in its name', workdir: `/srv/a$HOME 'b' "c" [d] * \\e` },
  { what: 'asks for its own host, and listens on ::1', needs: asks },
  {
    what: 'has tests for root alone',
    needs: `python3 -c 'import socket; socket.create_server(("", 80))' && mkdir -p /tmp/r && chown 4242 /tmp/r && chroot / true`,
  },
];
