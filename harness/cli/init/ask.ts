import { createInterface } from 'node:readline/promises';

/** Asks a person; an empty answer is the preset. */
export type Ask = (question: string, preset: string) => Promise<string>;

/** Whether someone can answer: questions are asked on a terminal only. */
export function isAnswered({ stdin, stderr }: Pick<NodeJS.Process, 'stdin' | 'stderr'>): boolean {
  return stdin.isTTY && stderr.isTTY;
}

/** Asks on stderr: stdout is for results. */
export function askOn({ stdin, stderr }: Pick<NodeJS.Process, 'stdin' | 'stderr'>): Ask {
  return async (question, preset) => {
    const terminal = createInterface({ input: stdin, output: stderr });
    const closed = new Promise<never>((_resolve, reject) => {
      terminal.once('close', () => reject(new Error('no answer: nothing was written')));
    });
    try {
      const answer = await Promise.race([
        terminal.question(`${question}${preset === '' ? '' : ` [${preset}]`}: `),
        closed,
      ]);
      return answer.trim() === '' ? preset : answer.trim();
    } finally {
      closed.catch(() => undefined);
      terminal.close();
    }
  };
}
