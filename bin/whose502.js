#!/usr/bin/env node
// CommonJS (package.json beside it says so): the loader of ES modules would take a tenth of the program's start.
require('../dist/cli/load-compiled.cjs').load('main.script.js');
