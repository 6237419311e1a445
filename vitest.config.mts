import { defineConfig } from 'vitest/config';

export default defineConfig({
	test: {
		include: ['test/**/*.test.ts'],
		exclude: ['test/vscode/**', 'node_modules/**'],
		maxWorkers: 2,
		// Nothing here keeps state between two files, and to load everything anew for each takes as long as all tests together.
		isolate: false,
		// Machines that build beside the tests are slow.
		testTimeout: 60_000,
		hookTimeout: 60_000,
	},
});
