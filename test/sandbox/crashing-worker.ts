import { Hands, openSandbox, patient, request } from './containers.ts';

/** Run as a process of its own: asks for a command and is killed while it waits. Arguments: rollout id, image, command. */
const [, , rolloutId = '', image = '', command = ''] = process.argv;
const { sandbox } = await openSandbox(request({ rolloutId, image }));
const hands = new Hands(sandbox);
await hands.run('echo 0 >/tmp/runs');
process.stdout.write('asking\n');
await hands.run(command, patient);
process.stdout.write('answered\n');
