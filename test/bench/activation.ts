/** Writes down what scripts/bench/activation.mjs has measured: milliseconds, as arguments. */
import { quantile } from './measure';
import { report } from './report';

const samples = process.argv.slice(2).map(Number);
report({
	title: 'Activation',
	about: `\`npm run bench:activation\`: how long the editor says it waited for the extension, in ${samples.length} windows on examples/fleet.`,
	rows: [
		{ what: 'activation of the extension, p50', value: quantile(samples, 0.5), unit: 'ms', budget: 50 },
		{ what: 'activation of the extension, longest', value: quantile(samples, 1), unit: 'ms' },
	],
});
