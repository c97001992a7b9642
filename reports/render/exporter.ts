import type { Report } from '../model/document.js';

/** A format of reports. One file with an exporter and one line in `exporters` add a format. */
export interface Exporter<Id extends string = string> {
  /** The value of `--format`. */
  readonly id: Id;
  readonly mediaType: string;
  /** Of file names, without the dot. */
  readonly extension: string;
  /** Where `bench report` writes unless `--out` is given: `report.EXTENSION` in the folder of the runs, or stdout. */
  readonly output: 'file' | 'stdout';
  /** Pure: the same report and options give the same text. Rejects only when the assets cannot be read. */
  render(report: Report, options: ExportOptions): string | Promise<string>;
}

export interface ExportOptions {
  /** The runs folder as a relative URL from the folder of the report, without a slash at its end: raw files are linked below it. */
  readonly linkBase: string;
  /** Columns of the terminal; wider tables are cut into blocks of columns. */
  readonly width: number;
  /** The version of bench, and the command line that makes the same document; what is not known is left out. */
  readonly version?: string;
  readonly command?: string;
  /** Raw files in the page; default none. */
  readonly raw?: RawEmbedding;
  /** Reads what a page is made of. Passed in, so that renderers do no I/O. */
  readonly assets: () => Promise<Assets>;
  /** Of an interactive page, which draws its figures with Chart.js. Formats without scripts ignore it. */
  readonly script?: string;
  /** Of a page of a site: the style sheet and front page that it shares with the others. */
  readonly shared?: { readonly stylesheet: string; readonly home: string };
}

/** Raw files for a page. Passed in, so that renderers do no I/O. */
export interface RawEmbedding {
  /** `selected`: lines that numbers were read from, with those around them; `all`: also the whole files. */
  readonly what: 'selected' | 'all';
  /** Undefined for a file that is missing or was changed. */
  read(run: string, path: string): Uint8Array | undefined;
  /** The same bytes for the same input. */
  gzip(bytes: Uint8Array): Uint8Array;
}

/** Templates, style sheet and fonts of the page. */
export interface Assets {
  /** Handlebars sources by name, without `.hbs`; `report` is the page, the others its partials. */
  readonly templates: Readonly<Record<string, string>>;
  readonly css: string;
  readonly fonts: readonly Font[];
}

export interface Font {
  readonly family: string;
  readonly weight: number;
  /** woff2, base64. */
  readonly data: string;
}
