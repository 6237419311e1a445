/** Drafts the README of a component out of what stands beside it: its files, its values, and what its environments change. */
import { basename, type FilePath, join, relative } from '../../base/paths';
import type { Fix } from '../../base/problem';
import type { Database } from '../../base/query';
import { formatPath } from '../../base/address';
import { sourceFilesOf } from '../../model/bases';
import { customisedFields } from '../../model/customisations';
import { type Component, components } from '../../model/documentation';
import { contentOf } from '../../workspace/documents';
import { textOf } from '../../workspace/inputs';
import { entriesOf, type Node, textAt } from '../../yaml/node';
import type { Finding } from '../rule';

/** So many fields are named in a row of the table. */
const MOST_FIELDS = 6;

export function draftReadme(db: Database, { at }: Finding): readonly Fix[] {
	const component = components(db).find(({ base }) => base.links.file === at.file);
	if (!component) return [];
	const file = join(component.base.directory, 'README.md');
	return [{ title: 'Draft a README.md', edits: [{ kind: 'create-file', file, text: readmeOf(db, component) }] }];
}

/** Of a README that says nothing, what is there stays, and the draft comes after it. */
export function fillReadme(db: Database, { at }: Finding): readonly Fix[] {
	const component = components(db).find(({ readme }) => readme === at.file);
	if (!component) return [];
	const before = textOf(db, at.file) ?? '';
	const draft = readmeOf(db, component);
	const text = before.trim() === '' ? draft : draft.replace(/^# .*\n/, '');
	return [{ title: 'Draft what it lacks', edits: [{ kind: 'append-text', file: at.file, text }] }];
}

function readmeOf(db: Database, { base, name }: Component): string {
	const files = sourceFilesOf(base).filter(file => file !== base.links.file);
	const generated = new Set(
		base.links.links.filter(({ field }) => field === 'configMapGenerator').map(({ target }) => target),
	);
	const rows = files.map(file => `| \`${relative(base.directory, file)}\` | ${contentIn(db, file, generated)} |`);
	const values = [...generated].flatMap(file => contentOf(db, file).flatMap(({ root }) => keysOf(root)));
	const sections = [
		`# ${name}`,
		`What ${name} is for, and who relies on it.`,
		...(rows.length > 0 ? ['## Files', table(['file', 'content'], rows)] : []),
		...(values.length > 0 ? ['## Values', values.map(key => `- \`${key}\``).join('\n')] : []),
		'## Environments',
		table(
			['environment', 'what differs'],
			base.environments.map(each => `| ${each} | ${differencesOf(db, files, each)} |`),
		),
	];
	return sections.join('\n\n') + '\n';
}

function table([first, second]: readonly [string, string], rows: readonly string[]): string {
	return [`| ${first} | ${second} |`, '| --- | --- |', ...rows].join('\n');
}

function contentIn(db: Database, file: FilePath, generated: ReadonlySet<FilePath>): string {
	const objects = contentOf(db, file).flatMap(({ root }) => {
		const kind = textAt(root, 'kind');
		const name = textAt(root, 'metadata', 'name');
		return kind === undefined ? [] : [`the ${kind}${name === undefined ? '' : ` \`${name}\``}`];
	});
	if (generated.has(file)) return 'the values that all environments share';
	return objects.join(', ') || basename(file);
}

function keysOf(root: Node | undefined): string[] {
	return entriesOf(root).map(({ key }) => key);
}

/** The fields of the component's objects that an environment's overlays change. */
function differencesOf(db: Database, files: readonly FilePath[], environment: string): string {
	const own = new Set(files);
	const paths = customisedFields(db).flatMap(({ by }) => {
		const change = by.get(environment);
		return change && own.has(change.subject.resource.from.file) ? [formatPath(change.path)] : [];
	});
	const named = [...new Set(paths)].slice(0, MOST_FIELDS).map(path => `\`${path}\``);
	return named.length === 0 ? 'nothing' : named.join(', ') + (paths.length > named.length ? ', and more' : '');
}
