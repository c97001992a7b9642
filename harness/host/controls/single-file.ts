import { z } from 'zod';
import { declare, type Control } from './control.js';
import { choices, writable, type Tree } from './tree.js';

interface SingleFile {
  readonly id: string;
  readonly label: string;
  readonly path: string;
  /** Why the file is not there when it is not. */
  readonly absent: string;
}

/** A control that is a number in one file. */
export function numberFile(
  file: SingleFile & { readonly least: number; readonly most: number; readonly standard: number | 'leave' },
): Control {
  const { least, most, standard } = file;
  const expected = `a whole number, ${least} to ${most}`;
  const schema = z.int({ error: expected }).min(least, { error: expected }).max(most, { error: expected });
  return declare<number>({
    ...base(file),
    schema,
    standard,
    set: (tree, wanted) => change(file, tree, String(wanted)),
  });
}

/** A control that is on or off, by numbers in one file. Anything but the number of `off` reads as on. */
export function switchFile(
  file: SingleFile & { readonly on: string; readonly off: string; readonly standard: 'on' | 'off' | 'leave' },
): Control {
  const { standard } = file;
  const word = (content: string): string => (content === file.off ? 'off' : 'on');
  return declare<'on' | 'off'>({
    ...base(file),
    schema: z.enum(['on', 'off'], { error: '"on" or "off"' }),
    standard,
    read: (tree) => {
      const content = tree.get(file.path);
      return content === undefined ? { unavailable: file.absent } : { value: word(content) };
    },
    set: (tree, wanted) => {
      const content = tree.get(file.path);
      return content !== undefined && word(content) === wanted ? [] : change(file, tree, file[wanted]);
    },
  });
}

/** A control that is one of the words that the kernel offers, in the file itself or in the file `offers`. */
export function choiceFile(file: SingleFile & { readonly offers?: string; readonly standard: 'leave' }): Control {
  const { offers, standard } = file;
  return declare<string>({
    ...base(file),
    paths: [file.path, ...(offers === undefined ? [] : [offers])],
    schema: z.string({ error: 'a word' }).regex(/^[\w+.-]+$/, { error: 'a word' }),
    standard,
    set: (tree, wanted) => {
      const offered = choices(tree.get(offers ?? file.path) ?? '');
      if (tree.has(file.path) && !offered.includes(wanted)) return `this kernel offers ${offered.join(', ')}`;
      return change(file, tree, wanted);
    },
  });
}

function base(file: SingleFile): Pick<Control, 'id' | 'label' | 'paths' | 'read'> {
  return {
    id: file.id,
    label: file.label,
    paths: [file.path],
    read: (tree) => {
      const content = tree.get(file.path);
      return content === undefined ? { unavailable: file.absent } : { value: writable(content) };
    },
  };
}

function change(file: SingleFile, tree: Tree, value: string): ReturnType<Control['set']> {
  const content = tree.get(file.path);
  if (content === undefined) return file.absent;
  return writable(content) === value ? [] : [{ path: file.path, value }];
}
