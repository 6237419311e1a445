/** `docs/empty-readme`: a README that is empty, has headings only, or names nothing of what stands beside it. */
import { basename, type FilePath } from '../base/paths';
import { piecesOf } from '../base/pieces';
import { type Database, query } from '../base/query';
import { contentOf } from '../workspace/documents';
import { textOf } from '../workspace/inputs';
import { textAt } from '../yaml/node';
import { sourceFilesOf } from '../model/bases';
import { type Component, components } from '../model/documentation';
import { asDocumented } from './docs-only-where-documented';
import type { Rule } from './rule';

export const docsEmptyReadme: Rule = {
	code: 'docs/empty-readme',
	severity: 'warning',
	summary: 'A component’s README.md is empty, or names nothing of what stands beside it.',
	pieces: db =>
		piecesOf(
			() => components(db),
			({ base }) => db.get(lackQuery, base.directory),
		),
	check: db =>
		asDocumented(db, component => {
			const { readme, name, base } = component;
			const lacks = db.get(lackQuery, base.directory);
			if (lacks === undefined || readme === undefined) return [];
			return [
				{
					code: docsEmptyReadme.code,
					severity: docsEmptyReadme.severity,
					message: `the README of \`${name}\` ${lacks}; say what the component is for, what stands here and what each environment changes`,
					at: { file: readme, document: 0, path: [] },
				},
			];
		}),
};

/** What a component's README lacks, by the directory of its base. */
const lackQuery = query<string | undefined>('readmeLack', (db, directory) => {
	const component = db.get(byDirectory, '').get(directory);
	return component?.readme?.endsWith('.md') ? lackOf(db, component, component.readme) : undefined;
});

const byDirectory = query<ReadonlyMap<FilePath, Component>>(
	'componentsByDirectory',
	db => new Map(components(db).map(component => [component.base.directory, component])),
);

function lackOf(db: Database, component: Component, readme: FilePath): string | undefined {
	const text = textOf(db, readme) ?? '';
	if (text.trim() === '') return 'is empty';
	const prose = text
		.split('\n')
		.filter(line => !/^\s*(#|=+\s*$|-+\s*$|<!--.*-->\s*$)/.test(line) && line.trim() !== '');
	if (prose.length === 0) return 'is a bare title';
	const names = namesBeside(db, component).filter(name => name.length > 2);
	const said = prose.join('\n').toLowerCase();
	// Every README has the component's name for a title; any other name in one says something.
	const headings = text.toLowerCase();
	const isSaid = (name: string) =>
		said.includes(name) || (name !== component.name.toLowerCase() && headings.includes(name));
	return names.length > 0 && !names.some(name => isSaid(name.toLowerCase()))
		? 'names nothing of what stands beside it'
		: undefined;
}

/** The component's own name, its files, its environments, and the kinds and names of what it declares. */
function namesBeside(db: Database, { base, name }: Component): string[] {
	const files = sourceFilesOf(base);
	const declared = files.flatMap(file =>
		contentOf(db, file).flatMap(({ root }) =>
			root ? [textAt(root, 'kind') ?? '', textAt(root, 'metadata', 'name') ?? ''] : [],
		),
	);
	const stems = files.map(file => basename(file).replace(/\.ya?ml$/, ''));
	return [name, ...stems, ...base.environments, ...declared];
}
