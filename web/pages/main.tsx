import { render } from 'preact';
import { App } from './app.tsx';
import { listenForHelp } from './shell/keys.tsx';
import { followTheme } from './shell/theme.ts';
import './main.css';

followTheme();
listenForHelp();
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
