import type { StorybookConfig } from '@storybook/web-components-vite';
import { fileURLToPath } from 'node:url';
import { defaultClientConditions, mergeConfig } from 'vite';
import { guideLinks } from './guide-links.ts';
import { manifestModule } from './manifest-module.ts';
import { markdownTables } from './markdown-tables.ts';
import { tokenTables } from './token-tables.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const config: StorybookConfig = {
  framework: '@storybook/web-components-vite',
  stories: ['../stories/**/*.mdx', '../stories/**/*.stories.ts'],
  addons: [
    {
      name: '@storybook/addon-docs',
      options: { mdxPluginOptions: { mdxCompileOptions: { remarkPlugins: [markdownTables, tokenTables, guideLinks] } } },
    },
    '@storybook/addon-a11y',
  ],
  core: { disableTelemetry: true, disableWhatsNewNotifications: true, enableCrashReports: false },
  features: { sidebarOnboardingChecklist: false },
  viteFinal: (own) =>
    mergeConfig(own, {
      plugins: [manifestModule()],
      resolve: {
        conditions: ['millrace-source', ...defaultClientConditions],
        // All else of the server's entry runs on Node alone, and the demo workspace needs no more of it.
        alias: { '@millrace/server': here('../server/demo-password.ts') },
      },
      // Written for older browsers, light-dark() would follow the page alone and no provider within it.
      build: { target: 'es2023', cssTarget: ['chrome123', 'firefox120', 'safari17.5'] },
      worker: { format: 'es' },
      // Its files lie beside its module, where only the module itself finds them.
      optimizeDeps: { exclude: ['@electric-sql/pglite'] },
    }),
};
export default config;
