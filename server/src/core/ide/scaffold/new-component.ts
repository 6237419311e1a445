/** `New Component`: a base like its siblings, with an overlay in each environment, documented as the tree documents its components. */
import { basename, dirname, type FilePath, join } from '../../base/paths';
import type { SourceEdit } from '../../base/problem';
import type { Database } from '../../base/query';
import { sourceFilesOf } from '../../model/bases';
import { type Component, components } from '../../model/documentation';
import { contentOf } from '../../workspace/documents';
import { directoryExists } from '../../workspace/inputs';
import { manifests } from './manifests';
import { modelOverlay, overlayLike } from './new-overlay';
import { copiedText, createdOnce, isName, renaming, type Scaffold } from './scaffolding';
import { textAt } from '../../yaml/node';

export interface ComponentRequest {
	readonly name: string;
	/** The directory that holds the bases beside the new one. */
	readonly group: FilePath;
	/** A HelmRelease with values files, or manifests of its own. */
	readonly kind: 'helm' | 'manifests';
	readonly environments: readonly string[];
}

/** Makes a component in the layout of the ones beside it. */
export function newComponent(db: Database, { name, group, kind, environments }: ComponentRequest): Scaffold {
	if (!isName(name)) return refused(`${JSON.stringify(name)} cannot be a name: use small letters, digits and dashes.`);
	const siblings = components(db).filter(({ base }) => placeOf(base.directory).group === group);
	const sibling = modelOf(db, siblings, kind);
	if (!sibling) {
		const what = kind === 'helm' ? 'a HelmRelease' : 'manifests';
		return refused(
			`No component in ${basename(group)} is made of ${what} and has overlays, so there is no layout to follow.`,
		);
	}
	const place = placeOf(sibling.base.directory);
	const directory = join(group, name + place.rest);
	if (directoryExists(db, directory)) return refused(`There is ${directory} already.`);
	const rename = renaming(sibling.name, name);
	const made = environments.map(environment => {
		const model = modelOverlay(db, sibling.base);
		return (
			model &&
			overlayLike(db, {
				model,
				base: sibling.base,
				toBase: directory,
				environment,
				rename,
				generators: kind === 'helm' ? 'kept' : 'dropped',
			})
		);
	});
	return {
		kind: 'found',
		edits: createdOnce([
			...(kind === 'helm' ? copiedBase(db, sibling, directory, rename) : manifests(db, sibling, directory, name)),
			...documentation(sibling, directory, name, kind, environments),
			...made.flatMap(each => each?.edits ?? []),
		]),
		notes: [],
	};
}

function refused(why: string): Scaffold {
	return { kind: 'refused', why };
}

/** `/x/shop/base` stands in the group `/x` as `shop` + `/base`; `/x/base/shop` in `/x/base`. */
export function placeOf(directory: FilePath): { readonly group: FilePath; readonly rest: string } {
	return basename(directory) === 'base'
		? { group: dirname(dirname(directory)), rest: '/base' }
		: { group: dirname(directory), rest: '' };
}

/** The sibling of the kind that has the fewest files: the others are about what makes them special. A chart of the tree is one component's. */
function modelOf(db: Database, siblings: readonly Component[], kind: ComponentRequest['kind']): Component | undefined {
	const brings = ({ base }: Component, what: RegExp) =>
		sourceFilesOf(base).some(file => contentOf(db, file).some(({ root }) => what.test(textAt(root, 'kind') ?? '')));
	const fits = (each: Component) => kind === 'manifests' || brings(each, /^HelmRelease$/);
	const rank = (each: Component) =>
		Number(brings(each, /^(HelmRepository|OCIRepository)$/) !== (kind === 'helm')) * 1000 +
		sourceFilesOf(each.base).length;
	return siblings
		.filter(each => fits(each) && modelOverlay(db, each.base) !== undefined)
		.sort((a, b) => rank(a) - rank(b))[0];
}

/** The sibling's base under another name; of its values nothing is kept. */
function copiedBase(
	db: Database,
	{ base }: Component,
	directory: FilePath,
	rename: (text: string) => string,
): SourceEdit[] {
	const moved = (file: FilePath) => join(directory, rename(file.slice(base.directory.length + 1)));
	const generatedFrom = new Set(
		base.links.links.filter(({ field }) => field === 'configMapGenerator').map(({ target }) => target),
	);
	return sourceFilesOf(base).map(file => ({
		kind: 'create-file',
		file: moved(file),
		text: generatedFrom.has(file)
			? '# The values that all environments share.\n'
			: withoutShared(db, file, copiedText(db, file, [], rename), rename),
	}));
}

/** Sources that the sibling brings into a namespace of all, under a name of all, are there already. */
function withoutShared(db: Database, file: FilePath, text: string, rename: (text: string) => string): string {
	const isSame = (name: string | undefined) => name !== undefined && rename(name) === name;
	const shared = contentOf(db, file).map(
		({ root }) =>
			/^(HelmRepository|OCIRepository|GitRepository|Bucket)$/.test(textAt(root, 'kind') ?? '') &&
			isSame(textAt(root, 'metadata', 'name')) &&
			isSame(textAt(root, 'metadata', 'namespace')),
	);
	if (shared.every(each => !each) || shared.every(each => each)) return text;
	const documents = text.split(/^---[ \t]*\n/m).filter(each => each.trim() !== '');
	if (documents.length !== shared.length) return text;
	return documents.filter((_, i) => !shared[i]).join('---\n');
}

/** README and examples, where the sibling has them. */
function documentation(
	sibling: Component,
	directory: FilePath,
	name: string,
	kind: ComponentRequest['kind'],
	environments: readonly string[],
): SourceEdit[] {
	const readme: SourceEdit[] =
		sibling.readme === undefined
			? []
			: [{ kind: 'create-file', file: join(directory, 'README.md'), text: readmeText(name, kind, environments) }];
	if (!sibling.examples) return readme;
	return [
		...readme,
		...environments.flatMap((environment): SourceEdit[] => [
			{
				kind: 'create-file',
				file: join(directory, `examples/${environment}/README.md`),
				text: `# ${name} in ${environment}\n\nShows what the overlay of ${environment} may say otherwise than the base of ${name}.\n`,
			},
		]),
	];
}

function readmeText(name: string, kind: ComponentRequest['kind'], environments: readonly string[]): string {
	const files =
		kind === 'helm'
			? `The HelmRelease \`${name}\` and its shared values.`
			: `The Deployment \`${name}\` and its Service.`;
	const rows = environments.map(environment => `| ${environment} | nothing yet |`).join('\n');
	return `# ${name}\n\n${files}\n\n## Environments\n\n| environment | what differs |\n| --- | --- |\n${rows}\n`;
}
