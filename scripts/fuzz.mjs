#!/usr/bin/env node
// Random input for the kustomize engine: `npm run fuzz -- --help`.
import { runBundled } from './run-bundled.mjs';

process.exitCode = await runBundled('test/fuzz/fuzz.ts', process.argv.slice(2));
