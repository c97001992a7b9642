import { Help, type Command, type HelpConfiguration, type Option } from 'commander';

/** What every verb takes comes last: it is what a reader looks for least. */
const COMMON = ['--runs-dir', '--verbose', '--help'];

/** How `--help` shows options: defaults only where they say something, those of all verbs last. */
export const helpStyle: HelpConfiguration = {
  optionDescription({ description, argChoices, defaultValue }: Option): string {
    const preset: unknown = defaultValue;
    const notes = [
      ...(argChoices === undefined ? [] : [`one of ${argChoices.join(', ')}`]),
      ...(typeof preset === 'string' ? [`default: ${preset}`] : []),
    ];
    return notes.length === 0 ? description : `${description} (${notes.join('; ')})`;
  },
  visibleOptions(this: Help, command: Command): Option[] {
    const options = Help.prototype.visibleOptions.call(this, command);
    const isCommon = ({ long }: Option): boolean => COMMON.includes(long ?? '');
    return [...options.filter((option) => !isCommon(option)), ...options.filter(isCommon)];
  },
};
