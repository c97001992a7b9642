/** The program that produced a number. Origin `unknown`: imported output, which does not name the source of its tool. */
export interface ToolUse {
  readonly name: string;
  readonly origin: 'target' | 'project' | 'published' | 'unknown';
  readonly version: string | null;
  readonly linkage: string | null;
}
