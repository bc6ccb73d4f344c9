import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EditDecision, FileState } from '../../activities/sandbox/contract.ts';
import { Hands, minimal, noSignal, openSandbox, request, toolchain } from './containers.ts';

describe.each([
  ['bash', toolchain],
  ['sh (busybox)', minimal],
])('editing in a container, %s', (_name, image) => {
  let hands: Hands;
  beforeAll(async () => {
    hands = new Hands((await openSandbox(request({ image }))).sandbox);
    await hands.run('mkdir -p /srv/dir/sub; cd /srv; printf "old\\n" >/srv/dir/file; echo x >/srv/dir/.hidden; ln -s file /srv/dir/link');
  });
  afterAll(() => hands.sandbox.remove());

  async function edit(
    path: string,
    decide: (state: FileState, snapshot: Buffer | null) => Partial<EditDecision>,
    options: { action?: number; snapshotOf?: number } = {},
  ) {
    hands.action = options.action ?? hands.action + 1;
    return hands.sandbox.edit(
      hands.action,
      {
        path,
        listDepth: 2,
        snapshotOf: options.snapshotOf ?? null,
        decide: (state, snapshot) => ({ write: null, output: '', exit_code: 0, ...decide(state, snapshot) }),
      },
      noSignal,
    );
  }

  async function stateOf(path: string): Promise<FileState | undefined> {
    let seen: FileState | undefined;
    await edit(path, (state) => {
      seen = state;
      return {};
    });
    return seen;
  }

  it('sees files, directories to a depth, missing paths and devices for what they are', async () => {
    expect(await stateOf('/srv/dir/link')).toEqual({ kind: 'file', size: 4, content: Buffer.from('old\n') });
    expect(await stateOf('/dev/zero')).toEqual({ kind: 'other' });
    expect(await stateOf('/srv/dir/none')).toEqual({ kind: 'missing', parentIsDirectory: true });
    expect(await stateOf('/none/none')).toEqual({ kind: 'missing', parentIsDirectory: false });
    const directory = await stateOf('/srv');
    expect(
      directory?.kind === 'directory' && directory.entries.map(({ path, directory }) => `${path}${directory ? '/' : ''}`).sort(),
    ).toEqual(expect.arrayContaining(['dir/', 'dir/.hidden', 'dir/file', 'dir/link', 'dir/sub/']));
  });

  it('writes every byte exactly, makes parents, keeps the mode', async () => {
    const content = Buffer.concat([Buffer.from(Array.from({ length: 256 }, (_, i) => i)), Buffer.from("it's \r\n\t$x\0\0end")]);
    await hands.run('chmod 750 /srv/dir/file');
    expect(await edit('/srv/dir/file', () => ({ write: content, output: 'done', exit_code: 0 }))).toMatchObject({
      status: 'exited',
      exit_code: 0,
      output: 'done',
    });
    expect(await stateOf('/srv/dir/file')).toEqual({ kind: 'file', size: content.length, content });
    expect(await hands.output('stat -c %a /srv/dir/file')).toBe('750\n');
    const large = Buffer.alloc(3_000_000, 'line of text\n');
    await edit("/srv/new/it's/large", () => ({ write: large }));
    const written = await stateOf("/srv/new/it's/large");
    expect(written?.kind === 'file' && written.content?.equals(large)).toBe(true);
    await edit('/srv/empty', () => ({ write: Buffer.alloc(0) }));
    expect(await stateOf('/srv/empty')).toEqual({ kind: 'file', size: 0, content: Buffer.alloc(0) });
  });

  it('gives no content of a file that is too large', async () => {
    await hands.run('head -c 11000000 /dev/zero >/srv/huge');
    expect(await stateOf('/srv/huge')).toEqual({ kind: 'file', size: 11_000_000, content: null });
    await hands.run('rm /srv/huge');
  });

  it('gives the content from before an edit, for undoing it', async () => {
    await hands.run('printf before >/srv/undo');
    await edit('/srv/undo', () => ({ write: Buffer.from('after') }));
    const { action } = hands;
    let snapshot: Buffer | null = null;
    await edit('/srv/undo', (_, given) => ({ write: (snapshot = given) }), { snapshotOf: action });
    expect(snapshot).toEqual(Buffer.from('before'));
    expect(await hands.output('cat /srv/undo')).toBe('before');
  });

  it('comes to the same when it is asked for again', async () => {
    await hands.run('printf 1 >/srv/again');
    const append = (state: FileState) => ({
      write: Buffer.from(`${state.kind === 'file' ? String(state.content) : ''}+`),
      output: JSON.stringify(state),
    });
    const first = await edit('/srv/again', append);
    const second = await edit('/srv/again', append, { action: hands.action });
    expect(second.output).toBe(first.output);
    expect(await hands.output('cat /srv/again')).toBe('1+');
  });

  it('gives new files and folders the modes that the agent’s shell gives', async () => {
    const modes = () => hands.output('mkdir -p typed; echo x >typed/a; stat -c "%a %U" made made/a; stat -c "%a %U" typed typed/a');
    await hands.run('mkdir -p /srv/modes/usual; cd /srv/modes/usual');
    await edit('/srv/modes/usual/made/a', () => ({ write: Buffer.from('x') }));
    expect(await modes()).toBe('755 root\n644 root\n755 root\n644 root\n');
    await hands.run('umask 027; mkdir -p /srv/modes/own; cd /srv/modes/own');
    await edit('/srv/modes/own/made/a', () => ({ write: Buffer.from('x') }));
    expect(await modes()).toBe('750 root\n640 root\n750 root\n640 root\n');
    await hands.run('umask 022; cd /srv');
  });

  it('writes into the file that is there: mode, owner and links stay', async () => {
    await hands.run('mkdir -p /srv/kept && cd /srv/kept && printf a >file && chmod 4711 file && chown 1000:1001 file');
    await hands.run('ln file hard; ln -s file soft; ln -s made dangling; printf a >locked; chmod 400 locked; ln -s loop loop');
    for (const name of ['soft', 'hard', 'locked', 'dangling']) {
      await edit(`/srv/kept/${name}`, (state) => ({ write: Buffer.from(`${state.kind === 'file' ? String(state.content) : ''}b`) }));
    }
    const seen = await hands.output(
      'cat file; echo; stat -c "%u:%g %h" file; [ -h soft ] && [ -h dangling ] && cat made; stat -c %a made locked',
    );
    expect(seen).toBe('abb\n1000:1001 2\nb644\n400\n');
    expect(await edit('/srv/kept/loop', () => ({ write: Buffer.from('x') }))).toMatchObject({ exit_code: 1 });
    await hands.run('cd /srv');
  });

  it('says why a file could not be written, in the words of the system', async () => {
    const result = await edit('/proc/version', () => ({ write: Buffer.from('x'), output: 'edited' }));
    expect(result).toMatchObject({ exit_code: 1, output: expect.stringMatching(/^\/proc\/version could not be written: [A-Za-z/ ]+$/) });
    const below = await edit('/srv/dir/file/below', () => ({ write: Buffer.from('x'), output: 'edited' }));
    expect(below.output).toMatch(/^\/srv\/dir\/file\/below could not be written: [A-Za-z/ ]+$/);
  });

  it('leaves what was there where the new content finds no room', async () => {
    await hands.run('printf kept >/dev/shm/file; dd if=/dev/zero of=/dev/shm/fill bs=65536');
    const result = await edit('/dev/shm/file', () => ({ write: Buffer.alloc(1_000_000, 'x') }));
    expect(result).toMatchObject({ exit_code: 1, output: '/dev/shm/file could not be written: No space left on device' });
    expect(await hands.output('rm /dev/shm/fill; cat /dev/shm/file')).toBe('kept');
  });

  it('works while a command runs', async () => {
    await hands.run('sleep 20', { noChangeMs: null, timeMs: 200 }, 'leave');
    expect(await stateOf('/srv/undo')).toMatchObject({ kind: 'file' });
  });
});
