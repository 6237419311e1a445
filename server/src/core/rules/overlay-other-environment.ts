/**
 * `overlay/other-environment`: an overlay declares what it holds to be another environment's: the namespace, a name's prefix, a label or
 * a variable that says which environment this is. Mostly a copy of the other's overlay in which one line was forgotten.
 */
import type { Address } from '../base/address';
import { isKustomizationFile, type FilePath } from '../base/paths';
import { piecesOf } from '../base/pieces';
import { type Database, query } from '../base/query';
import { sourceFilesOf } from '../model/bases';
import { clusterTree, type Kustomized } from '../model/cluster-tree';
import { environmentsAround } from '../model/connected';
import { type SourceText, textsIn } from '../model/source-texts';
import { tokensOf } from './base-environment-name';
import type { Finding, Rule } from './rule';

export const overlayOtherEnvironment: Rule = {
	code: 'overlay/other-environment',
	severity: 'warning',
	summary: 'An overlay declares what it holds to be another environment’s.',
	check: db => overlays(db).flatMap(directory => db.get(inOverlay, directory)),
	pieces: db =>
		piecesOf(
			() => overlays(db),
			directory => db.get(inOverlay, directory),
		),
};

function overlays(db: Database): FilePath[] {
	return [...db.get(clusterTree, '').kustomized.values()].flatMap(({ directory, environments }) =>
		environments.length === 1 ? [directory] : [],
	);
}

const inOverlay = query<readonly Finding[]>('otherEnvironments', (db, directory) => {
	const overlay = db.get(clusterTree, '').kustomized.get(directory)!;
	return sourceFilesOf(overlay).flatMap(file => inFile(db, overlay, file));
});

function inFile(db: Database, overlay: Kustomized, file: FilePath): Finding[] {
	const own = overlay.environments[0]!;
	const others = environmentsAround(db, overlay.directory).filter(name => name !== own);
	if (others.length === 0) return [];
	return db.get(declarations, file).flatMap(({ text, at, key }) => {
		const other = others.find(name => isOf(name, text));
		if (other === undefined || isOf(own, text)) return [];
		return [
			{
				code: overlayOtherEnvironment.code,
				severity: overlayOtherEnvironment.severity,
				message: `the overlay of ${own} says \`${key}: ${text}\` here, which is ${other}’s; write what ${own} is called, or move it into the overlay of ${other}`,
				at,
				environments: [own],
			},
		];
	});
}

/** What a file declares to belong to some environment. */
const declarations = query<readonly SourceText[]>('environmentDeclarations', (db, file) =>
	textsIn(db, file).filter(
		({ at, anchor, key }) => anchor === 'value' && (DECLARES.test(key) || (isKustomizationFile(file) && names(at))),
	),
);

/** Keys that say which environment something belongs to, of labels, variables and values. */
const DECLARES = /^([\w.-]+[/.])?(env|environment|stage|deployment[._-]?environment|cluster([._-]?name)?)$/i;

/** What a kustomization gives all its objects. */
function names({ path }: Address): boolean {
	return path.length === 1 && /^(namespace|namePrefix|nameSuffix)$/.test(String(path[0]));
}

/**
 * Whether a text is the name of an environment, or a name that begins or ends with it: `production`, `shop-production`, `-production`.
 * Names that could mean anything are nobody's.
 */
function isOf(environment: string, text: string): boolean {
	return tokensOf(environment.slice(environment.lastIndexOf('/') + 1)).some(
		name => text === name || text.startsWith(`${name}-`) || text.endsWith(`-${name}`),
	);
}
