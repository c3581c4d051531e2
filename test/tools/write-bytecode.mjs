/** To be imported before the built program (`node --import`): when it ends, the bytecode of what it ran is written into dist/. */
import process from 'node:process';
import v8 from 'node:v8';
import loader from '../../dist/cli/load-compiled.cjs';

// Bytecode is good for the flags that it is made with, and should be good when the program starts.
v8.setFlagsFromString = () => {};
process.once('exit', loader.writeBytecode);
