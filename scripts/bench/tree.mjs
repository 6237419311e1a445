// A believable GitOps tree of any size, for measuring. A tree is a repository of several teams; each team keeps its part in one of
// the layouts that real trees have, and the teams that keep overlays beside their bases stand on one shared base too. Nothing is
// wrong with it: Strata finds nothing, and `kubectl kustomize` builds every root. The same seed gives the same files.
import fs from 'node:fs';
import path from 'node:path';
import { LAYOUTS } from './layouts.mjs';
import { Random } from './random.mjs';
import { SHARED_BASE } from './shared-base.mjs';

const TEAMS =
	'payments search catalog checkout shipping billing identity media support insights pricing loyalty returns fraud onboarding messaging'.split(
		' ',
	);

/** So many files (at most) one team has. */
const FILES_PER_TEAM = 400;

/** The files of a tree by path, exactly `files` of them. */
export function makeTree({ files, seed = 1 }) {
	const random = new Random(seed);
	const tree = new Map(Object.entries(SHARED_BASE));
	for (let i = 0; tree.size < files; i++) {
		const team = TEAMS[i % TEAMS.length] + (i < TEAMS.length ? '' : `-${Math.floor(i / TEAMS.length) + 1}`);
		const part = LAYOUTS[i % LAYOUTS.length](team, Math.min(FILES_PER_TEAM, files - tree.size), random);
		// A part that is too small for one more application: what is left are pages.
		if (part.size === 0) break;
		for (const [file, text] of part) tree.set(`${team}/${file}`, text);
	}
	for (let page = 1; tree.size < files; page++) {
		tree.set(`docs/notes/${page}.md`, `# Note ${page}\n\nWhat was decided, and what it was weighed against.\n`);
	}
	return tree;
}

/** Writes a tree below a directory. */
export function writeTree(directory, tree) {
	const made = new Set();
	for (const [file, text] of tree) {
		const target = path.join(directory, file);
		const parent = path.dirname(target);
		if (!made.has(parent)) fs.mkdirSync(parent, { recursive: true });
		made.add(parent);
		fs.writeFileSync(target, text);
	}
}
