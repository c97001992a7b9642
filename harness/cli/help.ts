import { Help, type Argument, type Command, type HelpConfiguration, type Option } from 'commander';

/** Options of every verb: listed last, because a reader looks for them least. */
export const COMMON: readonly string[] = ['--runs-dir', '--verbose', '--help'];

/** How `--help` shows options: with possible values and defaults of text, and those of every verb last. */
export const helpStyle: HelpConfiguration = {
  optionDescription({ description, argChoices, defaultValue }: Option): string {
    return withNotes(description, argChoices, defaultValue);
  },
  argumentDescription({ description, argChoices, defaultValue }: Argument): string {
    return withNotes(description, argChoices, defaultValue);
  },
  visibleOptions(this: Help, command: Command): Option[] {
    const options = Help.prototype.visibleOptions.call(this, command);
    const isCommon = ({ long }: Option): boolean => COMMON.includes(long ?? '');
    return [...options.filter((option) => !isCommon(option)), ...options.filter(isCommon)];
  },
};

function withNotes(description: string, choices: readonly string[] | undefined, preset: unknown): string {
  const notes = [
    ...(choices === undefined ? [] : [`possible values: ${choices.join(', ')}`]),
    ...(typeof preset === 'string' ? [`default: ${preset}`] : []),
  ];
  return [description, ...notes.map((note) => `[${note}]`)].join(' ');
}
