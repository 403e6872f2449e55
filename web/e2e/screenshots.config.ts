import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['e2e/screenshots.ts', 'e2e/pictures.ts'],
    testTimeout: 240_000,
    hookTimeout: 60_000,
  },
});
