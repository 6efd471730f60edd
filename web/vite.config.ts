import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

import { mockServer } from './mock/plugin';

// `npm run dev` talks to a running server (PHAROS_URL); `npm run dev:mock` answers from mock/ instead.
const server = process.env.PHAROS_URL ?? 'http://127.0.0.1:9090';

export default defineConfig(({ mode }) => ({
  // Relative addresses plus the <base> of index.html make one build work under any path.
  base: './',
  plugins: [react(), ...(mode === 'mock' ? [mockServer()] : [])],
  build: { outDir: 'dist', emptyOutDir: true, sourcemap: false, chunkSizeWarningLimit: 600 },
  server: {
    ...(mode === 'mock'
      ? {}
      : { proxy: { '/api': server, '/-': server, '/loki': { target: server, ws: true } } }),
  },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
}));
