/** Styles that a part of the page imports; esbuild puts all of them into one file beside the program. */
declare module '*.css';
