/** Files and folders as pages, for the command line. */
export { viewApp } from '../app.ts';
export { serve } from '../serve.ts';
export { openView } from './open-view.ts';
