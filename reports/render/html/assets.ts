/** What a page is made of, read from disk once by the writer and handed in, so that rendering stays pure. */
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
