import { analyze } from '../../src/index.ts';

// Analyses the paths named on the command line and writes the result as JSON: lets a test choose the zone of the machine.
process.stdout.write(JSON.stringify(await analyze(process.argv.slice(2))));
