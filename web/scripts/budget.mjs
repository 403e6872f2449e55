// Fails the build when a page weighs more than a crowd should have to load, in gzipped bytes.
import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const weigh = (path) => gzipSync(readFileSync(new URL(path, dist)), { level: 9 }).length;
const assets = readdirSync(new URL('assets/', dist)).filter((name) => /\.(js|css)$/.test(name));
const html = readFileSync(new URL('index.html', dist), 'utf8');
const first = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1]);

/** Pages and styles of a surface, and its texts in one language: the larger. */
function surface(name) {
  const own = assets.filter((file) => file.startsWith(`${name}-`)).map((file) => `assets/${file}`);
  const isTexts = (file) =>
    /[{,]default:|as default/.test(readFileSync(new URL(file, dist), 'utf8').slice(-80));
  const texts = own.filter((file) => file.endsWith('.js') && isTexts(file));
  const heaviest = texts.sort((a, b) => weigh(b) - weigh(a))[0];
  return [...own.filter((file) => !texts.includes(file)), ...(heaviest ? [heaviest] : [])];
}

const common = surface('common');
const budgets = [
  ['first load: html, css, js', ['index.html', ...first], 25_000],
  ['event page and waiting room, on top', [...common, ...surface('fan')], 18_000],
  ['seat map, on top of that', [...surface('seats'), ...surface('sale')], 32_000],
  ['checkout, orders, tickets, on top', [...surface('buy'), ...surface('sale')], 16_000],
  ['operator pages, on top', [...surface('operator'), ...surface('sale')], 12_000],
  ['dashboard, on top of that', surface('ops'), 20_000],
  ['preparing events, on top of that', surface('organise'), 14_000],
];
let over = false;
for (const [what, files, max] of budgets) {
  const sum = files.map(weigh).reduce((a, b) => a + b, 0);
  over ||= sum > max;
  console.log(`${sum > max ? 'OVER' : 'ok  '} ${String(sum).padStart(6)} of ${max} B gz  ${what}`);
}
if (over) process.exit(1);
