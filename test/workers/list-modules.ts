import { registerHooks } from 'node:module';

/** A program: loads a module and prints the packages and files that come with it, one a line. */
registerHooks({
  load(url, context, next) {
    process.stdout.write(`${url}\n`);
    return next(url, context);
  },
});
await import(process.argv[2] ?? '');
// Clients that were loaded may hold the process.
process.exit();
