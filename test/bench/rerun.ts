/** What one key runs again, query by query: `node scripts/bench/run.mjs rerun [--files 2000] [--file PATTERN]`. */
import { parseArgs } from 'node:util';
import { Analysis } from '../../server/src/core/analysis';
import { diskSource } from '../../server/src/host/disk';
import { generatedTree } from './generated-tree';

const { values: options } = parseArgs({
	options: {
		files: { type: 'string', default: '2000' },
		file: { type: 'string', default: '/base/.*/deployment\\.yaml$' },
	},
});
const tree = generatedTree(Number(options.files));
const analysis = new Analysis(diskSource());
analysis.apply({ roots: [tree.root] });
checkAll();

const pattern = new RegExp(options.file);
const [file, text] = [...tree.files].find(([path]) => pattern.test(path))!;
const digits = [...text.matchAll(/(?<=: .*)\d/g)].map(match => match.index);
for (const digit of [...new Array(20).keys()].map(String)) {
	const before = new Map(analysis.db.runs);
	const at = digits[Number(digit) % digits.length]!;
	const cpu = process.cpuUsage();
	analysis.apply({ texts: new Map([[file, text.slice(0, at) + digit + text.slice(at + 1)]]) });
	checkAll();
	const { user, system } = process.cpuUsage(cpu);
	const rerun = [...analysis.db.runs].flatMap(([name, runs]): [string, number][] =>
		runs > (before.get(name) ?? 0) ? [[name, runs - (before.get(name) ?? 0)]] : [],
	);
	const list = rerun.sort((a, b) => b[1] - a[1]).map(([name, runs]) => `  ${String(runs).padStart(6)} ${name}`);
	console.log(
		`${file.slice(tree.root.length + 1)}: ${((user + system) / 1000).toFixed(1)} ms of CPU\n${list.join('\n')}`,
	);
}

function checkAll(): void {
	for (const file of analysis.files()) analysis.diagnostics(file);
}
