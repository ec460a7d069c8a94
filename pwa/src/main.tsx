import { start } from './app/start';

const root = document.getElementById('app');
if (root !== null) void start(root);
