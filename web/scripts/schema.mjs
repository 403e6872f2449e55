// Writes src/api/schema.ts from openapi.json; with --check, says whether it is fresh.
import { readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const at = (path) => new URL(`../${path}`, import.meta.url);
const head = '// Generated from openapi.json by `npm run schema`; do not edit.\n\n';
const text = head + astToString(await openapiTS(at('openapi.json')));
if (process.argv.includes('--check')) {
  if (readFileSync(at('src/api/schema.ts'), 'utf8') !== text) {
    console.error('src/api/schema.ts is stale: run `npm run schema`');
    process.exit(1);
  }
} else {
  writeFileSync(at('src/api/schema.ts'), text);
}
