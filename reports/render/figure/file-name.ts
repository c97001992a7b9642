import type { Exhibit } from '../../model/document.js';

/** `figure-6a-disk-performance`: the exhibit and what it shows, for a file. */
export function figureFileName({ id, title }: Pick<Exhibit, 'id' | 'title'>): string {
  const shown = title
    .replace(/^[^:]*:/, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return shown === '' ? id : `${id}-${shown}`;
}
