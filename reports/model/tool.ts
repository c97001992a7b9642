/** The program that produced a number. `unknown` for imported output, which does not say where its tool came from. */
export interface ToolUse {
  readonly name: string;
  readonly origin: 'target' | 'project' | 'published' | 'unknown';
  readonly version: string | null;
  readonly linkage: string | null;
}
