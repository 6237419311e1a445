import { defineConfig } from 'vitest/config';

export default defineConfig({
	test: {
		include: ['test/**/*.test.ts'],
		exclude: ['test/vscode/**', 'node_modules/**'],
		maxWorkers: 2,
		// Machines that build beside the tests are slow.
		testTimeout: 60_000,
		hookTimeout: 60_000,
	},
});
