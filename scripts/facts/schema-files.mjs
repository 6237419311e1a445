// Where the schema facts are read from and written to. One node a line, so that a newer version of the data shows as a small diff.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const out = path.join(root, 'schemas');

/** The folder of published data; ends the program with a message where it is missing. */
export function sourceFolder(name) {
	const folder = path.join(root, '../shared/data/schemas', name);
	if (fs.existsSync(folder)) return folder;
	console.log(`../shared/data/schemas/${name} is not here; the committed files in schemas/ stay as they are.`);
	process.exit(0);
}

export function readJson(...parts) {
	return JSON.parse(fs.readFileSync(path.join(...parts), 'utf8'));
}

/** Empties `schemas/<name>/`, for shards that are no longer made. */
export function clearShards(name) {
	fs.rmSync(path.join(out, name), { recursive: true, force: true });
	fs.mkdirSync(path.join(out, name), { recursive: true });
}

/** Writes `schemas/<name>.json`. */
export function writeShard(name, nodes) {
	const text = `{"nodes":[\n${nodes.map(node => JSON.stringify(node)).join(',\n')}\n]}\n`;
	fs.writeFileSync(path.join(out, `${name}.json`), text);
	return text.length;
}

/** Replaces one section of `schemas/index.json`; the other scripts own the others. */
export function writeIndexSection(section, { origins, kinds, ...rest }) {
	const file = path.join(out, 'index.json');
	const index = fs.existsSync(file) ? readJson(file) : {};
	index[section] = { ...rest, origins, kinds };
	const sections = Object.keys(index)
		.sort()
		.map(name => {
			const { origins, kinds, ...rest } = index[name];
			const lines = Object.entries(rest).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
			lines.push(`"origins":[\n${origins.map(origin => JSON.stringify(origin)).join(',\n')}\n]`);
			const entries = Object.keys(kinds)
				.sort()
				.map(kind => `${JSON.stringify(kind)}:${JSON.stringify(kinds[kind])}`);
			lines.push(`"kinds":{\n${entries.join(',\n')}\n}`);
			return `${JSON.stringify(name)}:{\n${lines.join(',\n')}\n}`;
		});
	fs.writeFileSync(file, `{\n${sections.join(',\n')}\n}\n`);
}
