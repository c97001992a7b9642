import type { ComparisonExporter } from './exporter.js';

/** One self-contained page, as reports are: no script, no request. Its renderer is imported when a page is rendered. */
export const comparisonHtml: ComparisonExporter<'html'> = {
  id: 'html',
  extension: 'html',
  async render(comparison, { assets }) {
    const [{ renderComparisonPage }, loaded] = await Promise.all([import('./page.js'), assets()]);
    return renderComparisonPage(comparison, loaded);
  },
};
