import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { shell } from './scripts/shell.ts'

// `dist/index.html` is a committed page that says how to build; the real portal goes to `dist/app`,
// so a build never dirties the tree.
export default defineConfig({
  plugins: [vue(), shell()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  server: {
    proxy: { '/api': { target: process.env.ANLAN_API ?? 'http://127.0.0.1:8080', changeOrigin: false } },
  },
  build: { outDir: 'dist/app', emptyOutDir: true, target: 'es2022', assetsInlineLimit: 2048, reportCompressedSize: false },
  test: { environment: 'happy-dom', include: ['src/**/*.spec.ts'], setupFiles: ['src/app/testing.ts'] },
})
