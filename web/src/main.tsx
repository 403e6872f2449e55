import { render } from 'preact';
import { App } from './app';
import { firstLocale, setLocale } from './i18n';
import { greet } from './state/session';
import { startTheme } from './state/theme';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';

startTheme();
greet();
const root = document.getElementById('app');
if (root !== null) void setLocale(firstLocale()).then(() => render(<App />, root));
