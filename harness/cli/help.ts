import { Help, type Command, type HelpConfiguration, type Option } from 'commander';

/** Options of every verb: listed last, because a reader looks for them least. */
const COMMON = ['--runs-dir', '--verbose', '--help'];

/** How `--help` shows options: with possible values and defaults of text, and those of every verb last. */
export const helpStyle: HelpConfiguration = {
  optionDescription({ description, argChoices, defaultValue }: Option): string {
    const preset: unknown = defaultValue;
    const notes = [
      ...(argChoices === undefined ? [] : [`possible values: ${argChoices.join(', ')}`]),
      ...(typeof preset === 'string' ? [`default: ${preset}`] : []),
    ];
    return [description, ...notes.map((note) => `[${note}]`)].join(' ');
  },
  visibleOptions(this: Help, command: Command): Option[] {
    const options = Help.prototype.visibleOptions.call(this, command);
    const isCommon = ({ long }: Option): boolean => COMMON.includes(long ?? '');
    return [...options.filter((option) => !isCommon(option)), ...options.filter(isCommon)];
  },
};
