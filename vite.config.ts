import { join } from 'node:path';
import { defaultClientConditions, defineConfig } from 'vite';

/** The console of `npm start`, made of the packages' sources by their public names. */
export default defineConfig({
  root: join(import.meta.dirname, 'demo', 'console'),
  resolve: { conditions: ['millrace-source', ...defaultClientConditions] },
  build: {
    outDir: join(import.meta.dirname, 'dist', 'console'),
    emptyOutDir: true,
    target: 'es2023',
    // The console's security policy lets nothing stand inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
