import type { Exporter } from '../exporter.js';

/** The page. Its renderer and template engine are imported when a page is rendered: `bench --help` reads this registry. */
export const html: Exporter<'html'> = {
  id: 'html',
  mediaType: 'text/html',
  extension: 'html',
  output: 'file',
  async render(report, { assets, ...options }) {
    const [{ renderHtml }, loaded] = await Promise.all([import('./page.js'), assets()]);
    return renderHtml(report, loaded, options);
  },
};
