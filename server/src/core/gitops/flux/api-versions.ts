/**
 * API versions and fields of Flux's kinds against the release of Flux that the cluster runs: which are old, what takes their place, which
 * are gone, and which are not there yet. What the releases had is read off the schemas that ship (`flux` in schemas/index.json).
 */
import { type FieldPath, formatPath } from '../../base/address';
import type { Problem } from '../../base/problem';
import type { Database } from '../../base/query';
import type { Resource } from '../../kube/resource';
import { knownVersionsOf, type Life, schemaOf } from '../../kube/schema/store';
import { addressOf, child, itemsOf, type Node } from '../../yaml/node';

/** What is said about one object. `minor` is the minor version of Flux 2, where the tree tells it. */
export function apiVersionProblems(db: Database, resource: Resource, minor: number | undefined): readonly Problem[] {
	const { id, node } = resource;
	const apiVersion = `${id.group}/${id.version}`;
	const life = schemaOf(db, apiVersion, id.kind)?.life ?? unknownVersion(db, resource);
	const written = child(node, 'apiVersion');
	if (!life || !written) return [];
	const found = versionProblem(db, resource, written, life, minor);
	return [...(found ? [found] : []), ...newFields(node, life.flux?.fields ?? {}, minor)];
}

/** A version of a kind of Flux that none of the releases that are known has had: older than all of them. */
function unknownVersion(db: Database, { id }: Resource): Life | undefined {
	if (!/^v\d+(alpha|beta)\d+$/.test(id.version)) return undefined;
	const current = knownVersionsOf(db, id.kind).find(known => {
		const life = known.startsWith(`${id.group}/`) ? lifeOf(db, known) : undefined;
		return life !== undefined && life.replacedBy === undefined;
	});
	return current === undefined ? undefined : { replacedBy: current, flux: { removedAfter: OLDEST } };
}

/** The release before the oldest that the schemas tell of. */
const OLDEST = 'v2.1';

function lifeOf(db: Database, id: string): Life | undefined {
	const at = id.lastIndexOf('/');
	return schemaOf(db, id.slice(0, at), id.slice(at + 1))?.life;
}

function versionProblem(
	db: Database,
	{ id }: Resource,
	written: Node,
	{ flux, replacedBy, deprecated }: Life,
	minor: number | undefined,
): Problem | undefined {
	const apiVersion = `${id.group}/${id.version}`;
	const details = `no matches for kind "${id.kind}" in version "${apiVersion}"`;
	const since = minorOf(flux?.since);
	const at = addressOf(written.origin);
	if (minor !== undefined && since !== undefined && minor < since) {
		const message = `"${apiVersion}" is not known to Flux 2.${minor}, which the cluster runs; it came with Flux 2.${since}.`;
		return { code: 'flux/field-too-new', severity: 'error', message, at, details, fatal: true };
	}
	const last = minorOf(flux?.removedAfter);
	const gone = minor !== undefined && last !== undefined && minor > last;
	const isOld = last !== undefined || deprecated !== undefined || flux?.deprecatedSince !== undefined;
	if (!isOld || replacedBy === undefined) return undefined;
	const known = minorOf(lifeOf(db, replacedBy)?.flux?.since);
	// As long as the cluster's Flux does not have the new version, there is nothing to be done.
	if (!gone && minor !== undefined && known !== undefined && minor < known) return undefined;
	const replacement = replacedBy.slice(0, replacedBy.lastIndexOf('/'));
	const when = gone
		? `Flux 2.${minor} does not know it any more`
		: last === undefined
			? 'it is old'
			: `Flux 2.${last + 1} takes it away`;
	return {
		code: 'flux/deprecated-api-version',
		severity: gone ? 'error' : 'warning',
		message: `"${apiVersion}" is deprecated for ${id.kind}, and ${when}; write "${replacement}", also in the patches that change it.`,
		at,
		tag: 'deprecated',
		details,
		fixes: [{ title: `Change to ${replacement}`, edits: [{ kind: 'set', at, text: replacement }] }],
		...(gone && { fatal: true as const }),
	};
}

/** Fields that an older Flux refuses: its API server decodes strictly. */
function newFields(
	node: Node,
	fields: Readonly<Record<string, string>>,
	minor: number | undefined,
): readonly Problem[] {
	if (minor === undefined) return [];
	return Object.entries(fields).flatMap(([path, release]) => {
		const since = minorOf(release);
		if (since === undefined || minor >= since) return [];
		return fieldsAt(node, path.split('.'), []).map(({ node: field, path: found }): Problem => ({
			code: 'flux/field-too-new',
			severity: 'error',
			message: `"${formatPath(found)}" is not known to Flux 2.${minor}, which the cluster runs; it came with Flux 2.${since}.`,
			at: addressOf(field.origin),
			anchor: 'key',
			details: `strict decoding error: unknown field "${formatPath(found)}"`,
			fatal: true,
		}));
	});
}

interface FoundField {
	readonly node: Node;
	readonly path: FieldPath;
}

/** The nodes at a path whose parts with `[]` stand for every item of a list. */
function fieldsAt(node: Node, [part, ...rest]: readonly string[], path: FieldPath): readonly FoundField[] {
	if (part === undefined) return [{ node, path }];
	const name = part.replace(/\[\]$/, '');
	const field = child(node, name);
	if (!field) return [];
	if (name === part) return fieldsAt(field, rest, [...path, name]);
	return itemsOf(field).flatMap((item, i) => fieldsAt(item, rest, [...path, name, i]));
}

/** The minor version of a Flux 2 version text; nothing for ranges and other majors. */
export function minorOf(version: string | undefined): number | undefined {
	const parts = /^v?2\.([0-9]+)/.exec(version ?? '');
	return parts ? Number(parts[1]) : undefined;
}

/** Whether the object belongs to one of Flux's own groups. */
export function isFluxObject({ id }: Resource): boolean {
	return id.group.endsWith('.toolkit.fluxcd.io');
}
