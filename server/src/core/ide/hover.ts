/** Hover on any field of a resource, a patch or a values file: its value in every environment, and who wrote each. */
import { formatPath } from '../base/address';
import type { FilePath } from '../base/paths';
import type { CodeInfo } from '../base/problem';
import type { Database } from '../base/query';
import { objectReferenceAt } from '../kube/object-references';
import { describeId } from '../kube/resource-id';
import { objectsNamed } from '../model/named-objects';
import type { Occurrence } from '../model/occurrences';
import { SECRET } from '../kube/taken-secrets';
import { isFromSecret, shownValue } from '../model/secret-places';
import { isSecret, occurrencesInTree, type Rendered } from '../model/subjects';
import { spotAt } from '../workspace/places';
import { isConfigFile } from '../workspace/tree-config';
import { defaultDescription, fieldDescription } from './field-description';
import { code, originLabel, placeLabel, valueLabel } from './labels';
import type { Hover } from './results';
import { configHover } from './tree-config';
import { variableHover } from './variables';

/**
 * What stands at the offset in each environment; nothing where no entry point is built from it. `codes` are those that `strata.yaml` may
 * speak of.
 */
export function hover(db: Database, file: FilePath, offset: number, codes: readonly CodeInfo[]): Hover | undefined {
	if (isConfigFile(db, file)) return configHover(db, file, offset, codes);
	const variable = variableHover(db, file, offset);
	if (variable) return variable;
	const spot = spotAt(db, file, offset);
	if (!spot || spot.address.path.length === 0) return undefined;
	const occurrences = withoutHolders(occurrencesInTree(db, spot.address));
	const sections = [...bySubject(occurrences)].map(([title, group]) => section(db, title, group));
	const about = defaultDescription(db, spot.address) ?? fieldDescription(db, spot.address, occurrences);
	const named = namedObjects(db, occurrences);
	const parts = [...sections.slice(0, MOST_SECTIONS), ...[named, about].filter(each => each !== undefined)];
	return parts.length > 0 ? { range: spot.range, markdown: parts.join('\n\n') } : undefined;
}

/** A value that a `targetPath` puts in its place makes the maps around it, too: they say nothing that it does not. */
function withoutHolders(occurrences: readonly Occurrence<Rendered>[]): readonly Occurrence<Rendered>[] {
	return occurrences.filter(
		({ subject, path, index }) =>
			!occurrences.some(
				other =>
					other.subject === subject &&
					other.index >= 0 &&
					index >= 0 &&
					other.path.length > path.length &&
					path.every((key, i) => other.path[i] === key),
			),
	);
}

/** Whether a field stands at the offset. */
export function isField(db: Database, file: FilePath, offset: number): boolean {
	return (spotAt(db, file, offset)?.address.path.length ?? 0) > 0;
}

/** The objects that the field names, where they are in sight, and where. */
function namedObjects(db: Database, occurrences: readonly Occurrence<Rendered>[]): string | undefined {
	const lines = occurrences.flatMap(({ subject: { kind, entry, resource }, path }) => {
		const reference = kind === 'resource' ? objectReferenceAt(resource, path) : undefined;
		return (reference ? objectsNamed(db, entry, reference) : []).map(
			({ resource: { id, from } }) => `${code(describeId(id))} · ${code(placeLabel(db, from))}`,
		);
	});
	const unique = [...new Set(lines)].slice(0, MOST_ROWS);
	return unique.length > 0 ? `names ${unique.join(', ')}` : undefined;
}

const MOST_SECTIONS = 4;
const MOST_ROWS = 12;

function bySubject(occurrences: readonly Occurrence<Rendered>[]): Map<string, Occurrence<Rendered>[]> {
	const groups = new Map<string, Occurrence<Rendered>[]>();
	for (const occurrence of occurrences) {
		const title = `${code(titleOf(occurrence))} of ${code(occurrence.subject.title)}`;
		groups.set(title, [...(groups.get(title) ?? []), occurrence]);
	}
	return groups;
}

function titleOf({ path }: Occurrence<Rendered>): string {
	return formatPath(path) || 'the whole object';
}

function section(db: Database, title: string, occurrences: readonly Occurrence<Rendered>[]): string {
	const rows = new Map<string, string[]>();
	for (const { subject, node, path, chain } of occurrences) {
		const hidden = isSecret(subject, path) || isFromSecret(db, subject.entry.environment, node.origin);
		const value = hidden ? SECRET : code(valueLabel(node && shownValue(db, subject.entry.environment, node)));
		const writers = chain.map(origin => code(originLabel(db, origin)));
		const row = `${value} | ${writers.join(' over ')}`;
		rows.set(row, [...(rows.get(row) ?? []), subject.entry.environment]);
	}
	const lines = [...rows].map(([row, environments]) => `| ${environmentsLabel(environments)} | ${row} |`);
	const more = lines.length > MOST_ROWS ? [`| … | ${lines.length - MOST_ROWS} more | |`] : [];
	return [
		`**${title}**`,
		'',
		'| environment | value | written by |',
		'|---|---|---|',
		...lines.slice(0, MOST_ROWS),
		...more,
	].join('\n');
}

function environmentsLabel(environments: readonly string[]): string {
	const names = [...new Set(environments.filter(Boolean))].sort();
	return names.length > 0 ? names.map(code).join(', ') : 'here';
}
