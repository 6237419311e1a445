#!/usr/bin/env node
// Writes dist/descriptions/kubernetes.json: what Kubernetes' own kinds and fields are for, in the first sentences of the doc
// comments of @kubernetes/client-node's models (Apache-2.0), by the definitions' names that the shards in schemas/ use. Without that
// package it says so and writes nothing: the product does without.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const MAX_LENGTH = 320;

/** Writes `<outdir>/descriptions/kubernetes.json`; answers its size in bytes, or nothing where the package is not installed. */
export function writeDescriptions({ outdir = path.join(root, 'dist') } = {}) {
	const models = path.join(root, 'node_modules/@kubernetes/client-node/dist/gen/models');
	if (!fs.existsSync(models)) {
		console.log('@kubernetes/client-node is not installed; this build has no descriptions of Kubernetes fields.');
		return undefined;
	}
	const texts = {};
	for (const name of definitionNames()) {
		const file = classNames(name)
			.map(className => path.join(models, `${className}.d.ts`))
			.find(file => fs.existsSync(file));
		const found = file && docComments(fs.readFileSync(file, 'utf8'));
		if (found && Object.keys(found).length > 0) texts[name] = found;
	}
	const folder = path.join(outdir, 'descriptions');
	fs.mkdirSync(folder, { recursive: true });
	const json = JSON.stringify(texts);
	fs.writeFileSync(path.join(folder, 'kubernetes.json'), json);
	return json.length;
}

function definitionNames() {
	const folder = path.join(root, 'schemas/kubernetes');
	const names = fs
		.readdirSync(folder)
		.flatMap(file => JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')).nodes)
		.flatMap(node => node.D ?? []);
	return [...new Set(names)].sort();
}

/** `api.core.v1.Event` is `CoreV1Event` where another group has a `V1Event` too, else `V1Event`. */
function classNames(definition) {
	const [kind, version, group] = definition.split('.').reverse();
	const capital = text => text[0].toUpperCase() + text.slice(1);
	return [`${capital(group)}${capital(version)}${kind}`, `${capital(version)}${kind}`];
}

/** The comment over the class under the empty key, and those over its fields. */
function docComments(text) {
	const out = {};
	const comment = /\/\*\*\n((?:\s*\*(?!\/).*\n)+)\s*\*\/\n\s*(?:export declare class \w+|'([^']+)'\??:)/g;
	for (const [, lines, field] of text.matchAll(comment)) {
		const said = shortened(
			lines
				.split('\n')
				.map(line => line.replace(/^\s*\* ?/, ''))
				.join(' ')
				.replace(/\\(['"])/g, '$1')
				.replace(/\s+/g, ' ')
				.trim(),
		);
		if (said !== '') out[field ?? ''] = said;
	}
	return out;
}

/** As many whole sentences as fit, at least one (cut where it alone is too long). */
function shortened(text) {
	if (text.length <= MAX_LENGTH) return text;
	const end = text.slice(0, MAX_LENGTH + 1).search(/[.!?](?=\s[^.!?]*$)/);
	return end > 0 ? text.slice(0, end + 1) : `${text.slice(0, MAX_LENGTH).replace(/\s+\S*$/, '')} …`;
}

if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
	const size = writeDescriptions();
	if (size !== undefined) console.log(`dist/descriptions/kubernetes.json  ${(size / 1024).toFixed(0)} KiB`);
}
