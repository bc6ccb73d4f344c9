import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runVariable } from './run-variable.ts';

// Notes the process of a file of tests, so that its containers are known after its death.
const folder = process.env[runVariable] ?? '';
if (folder !== '') writeFileSync(join(folder, 'forks', String(process.pid)), '');
