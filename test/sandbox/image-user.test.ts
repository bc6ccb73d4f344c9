import { describe, expect, it } from 'vitest';
import { resolveUser } from '../../activities/sandbox/image-user.ts';

const passwd = 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001:An App:/home/app:/bin/bash\n12:x:77:78::/:/bin/sh\n';
const group = 'root:x:0:\napp:x:1001:\nstaff:x:50:app\n';

describe('resolveUser', () => {
  it.each([
    ['app', { uid: 1000, gid: 1001 }],
    ['1000', { uid: 1000, gid: 1001 }],
    ['4321', { uid: 4321, gid: 0 }],
    ['4321:4322', { uid: 4321, gid: 4322 }],
    ['app:staff', { uid: 1000, gid: 50 }],
    ['app:7', { uid: 1000, gid: 7 }],
    ['app:', { uid: 1000, gid: 1001 }],
    ['root', { uid: 0, gid: 0 }],
    [':staff', { uid: 0, gid: 50 }],
    // An account may be called by a number; its name comes first.
    ['12', { uid: 77, gid: 78 }],
  ])('%s', (name, expected) => expect(resolveUser(name, passwd, group)).toEqual({ name, ...expected }));

  it.each(['nobody', 'app:wheel', 'nobody:staff', '99999999999'])('%s is nobody', (name) =>
    expect(resolveUser(name, passwd, group)).toBeUndefined(),
  );

  it('needs no files for numbers', () => expect(resolveUser('5:6', '', '')).toEqual({ name: '5:6', uid: 5, gid: 6 }));
});
