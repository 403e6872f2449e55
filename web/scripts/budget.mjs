// Fails the build when a page weighs more than a crowd should have to load, in gzipped bytes.
import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const weigh = (path) => gzipSync(readFileSync(new URL(path, dist)), { level: 9 }).length;
const assets = readdirSync(new URL('assets/', dist)).filter((name) => /\.(js|css)$/.test(name));
const html = readFileSync(new URL('index.html', dist), 'utf8');
const first = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1]);

/** Files of a surface: its pages and styles, and the larger of its two languages. */
function surface(name) {
  const own = assets.filter((file) => file.startsWith(`${name}-`));
  const isTexts = (file) => /^export|as default\}/.test(readFileSync(new URL(`assets/${file}`, dist), 'utf8').slice(-40)) && file.endsWith('.js');
  const weights = own.map((file) => [file, weigh(`assets/${file}`)]);
  return weights;
}

const KIB = 1000;
const budgets = [
  ['first load: html, css, js', ['index.html', ...first], 25 * KIB],
];
let over = false;
for (const [what, files, max] of budgets) {
  const sum = files.map(weigh).reduce((a, b) => a + b, 0);
  over ||= sum > max;
  console.log(`${sum > max ? 'OVER' : 'ok  '} ${String(sum).padStart(7)} of ${max} B  ${what}`);
}
for (const file of assets.filter((name) => !first.includes(`assets/${name}`))) {
  console.log(`     ${String(weigh(`assets/${file}`)).padStart(7)} B  ${file}`);
}
if (over) process.exit(1);
