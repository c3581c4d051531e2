/** To be imported before the built program (`node --import`): when it ends, the bytecode of what it ran is written into dist/. */
import { writeBytecode } from '../../dist/cli/load-compiled.js';

process.once('exit', writeBytecode);
