// Sets controls from the built harness and restores them, in a process that kills itself once command number N has been
// started, which then goes on: `node killed.mjs WORK_DIR ROOT N CONTROLS`.
import { connectLocal } from '../../../dist/harness/connect/local.js';
import { applyControls } from '../../../dist/harness/host/controls/apply.js';
import { wantedControls } from '../../../dist/harness/host/controls/wanted.js';

const [workDir = '', root = '', at = '', controls = ''] = process.argv.slice(2);
const local = connectLocal();
let count = 0;
const exec = (command) => {
  count += 1;
  const result = local.exec(command);
  if (count === Number(at)) setTimeout(() => process.kill(process.pid, 'SIGKILL'), 1);
  return result;
};
const host = { id: 'alpha', executor: { ...local, exec }, workDir };
const connect = { via: 'ssh', destination: 'alpha' };
const wanted = wantedControls({ id: 'alpha', connect, controls: JSON.parse(controls) });
const about = { run: 'killed', who: 'ada@desk', pinned: [0], since: 'now', root };
const applied = await applyControls(host, wanted, about);
await applied.drift();
await applied.restore();
