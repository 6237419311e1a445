/** `docs/broken-link`: a README links to a file of the repository that does not exist. */
import { dirname, type FilePath, join } from '../base/paths';
import { piecesOf } from '../base/pieces';
import { type Database, query } from '../base/query';
import { components } from '../model/documentation';
import { directoryExists, fileExists, textOf } from '../workspace/inputs';
import { asDocumented } from './docs-only-where-documented';
import type { Finding, Rule } from './rule';

export const docsBrokenLink: Rule = {
	code: 'docs/broken-link',
	severity: 'warning',
	summary: 'A README links to a file that does not exist.',
	pieces: db =>
		piecesOf(
			() => components(db).flatMap(({ readme }) => (readme?.endsWith('.md') ? [readme] : [])),
			readme => db.get(brokenLinks, readme),
		),
	check: db => asDocumented(db, ({ readme }) => (readme?.endsWith('.md') ? db.get(brokenLinks, readme) : [])),
};

const brokenLinks = query<readonly Finding[]>('brokenLinks', (db, file) => {
	let fenced = false;
	return (textOf(db, file) ?? '').split('\n').flatMap((line, number) => {
		if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
		if (fenced) return [];
		const plain = line.replace(/`[^`]*`/g, '');
		const targets = [...plain.matchAll(/\]\(<?([^()\s<>]+)>?(?:\s+"[^"]*")?\)/g)].map(match => match[1]!);
		return targets.filter(target => !exists(db, file, target)).map(target => finding(file, number, target));
	});
});

function exists(db: Database, file: FilePath, target: string): boolean {
	if (/^([a-z][a-z0-9+.-]*:|#|\/|\/\/)/i.test(target) || /[{}$]/.test(target)) return true;
	const path = join(dirname(file), decoded(target.replace(/[#?].*$/, '')));
	return fileExists(db, path) || directoryExists(db, path);
}

function decoded(text: string): string {
	return text.replaceAll('%20', ' ');
}

function finding(file: FilePath, line: number, target: string): Finding {
	return {
		code: docsBrokenLink.code,
		severity: docsBrokenLink.severity,
		message: `\`${target}\` does not exist; correct the link, or remove it`,
		at: { file, document: 0, path: [line] },
	};
}
