/** What a field is for, in a sentence: from the schema of its kind, the table of kustomization fields, or the chart's own comments. */
import type { Address, FieldPath } from '../base/address';
import { isKustomizationFile } from '../base/paths';
import type { Database } from '../base/query';
import { OUTSIDE } from '../gitops/helm/locate-chart';
import { fullReleaseName, isHelmRelease, releaseName } from '../gitops/helm/release';
import { valueAt, type ValueInfo } from '../gitops/helm/values-schema';
import { fieldAt } from '../kube/schema/at';
import { descriptionAt } from '../kube/schema/descriptions';
import { kustomizationSchema } from '../kube/schema/kustomization-file';
import type { Schema } from '../kube/schema/schema';
import { schemaInTree } from '../model/chart-kinds';
import { chartedReleaseOf, chartOf, chartOfDefaults } from '../model/charts';
import type { Occurrence } from '../model/occurrences';
import { releasesOf } from '../model/releases';
import type { Rendered } from '../model/subjects';
import { contentOf } from '../workspace/documents';
import { code, shortPath, valueLabel } from './labels';

/** A line of Markdown, or two; texts of repositories and packages are shown without links and markup of their own. */
export function fieldDescription(
	db: Database,
	address: Address,
	occurrences: readonly Occurrence<Rendered>[],
): string | undefined {
	const values = occurrences.find(({ subject }) => subject.kind === 'values');
	if (values) return valueDescription(db, values);
	if (isKustomizationFile(address.file) && !address.within) return described(db, kustomizationSchema(db), address.path);
	const [occurrence] = occurrences;
	const installed = occurrence && (installedAs(occurrence) ?? chartFound(db, occurrence));
	const root = occurrence?.subject.resource.node ?? contentOf(db, address.file)[address.document]?.root;
	const path = occurrence?.path ?? address.path;
	const about = root && described(db, schemaInTree(db, root)?.schema, path);
	return [installed, about].filter(each => each !== undefined).join('\n\n') || undefined;
}

/** What helm calls a release, where one of the fields that say so is asked about. */
function installedAs({ subject: { resource }, path }: Occurrence<Rendered>): string | undefined {
	const field = path.join('.');
	if (!isHelmRelease(resource) || !NAMES_OF_RELEASES.has(field)) return undefined;
	const name = releaseName(resource);
	const whole = fullReleaseName(resource);
	const cut = whole === name ? '' : `: ${code(whole)} has ${whole.length} characters, and helm takes 53`;
	return `helm calls the release ${code(name)}${cut}`;
}

const NAMES_OF_RELEASES: ReadonlySet<string> = new Set(['metadata.name', 'spec.releaseName', 'spec.targetNamespace']);

/** Which chart that is, and where it was found, where one of the fields that name it is asked about. */
function chartFound(db: Database, { subject: { resource, entry }, path }: Occurrence<Rendered>): string | undefined {
	if (!isHelmRelease(resource) || !NAMES_OF_CHARTS.test(path.join('.'))) return undefined;
	const found = chartedReleaseOf(db, entry, resource)?.check.chart;
	if (found?.kind === 'unknown') return plain(found.why);
	if (found?.kind !== 'chart') return undefined;
	const { name, version, directory } = found.chart;
	const where = directory.startsWith(OUTSIDE) ? '' : ` in ${code(shortPath(db, directory))}`;
	return `values are checked against chart ${code(`${name} ${version}`)}${where}`;
}

const NAMES_OF_CHARTS = /^spec\.(chart\.spec\.(chart|version)|chartRef\.name)$/;

function described(db: Database, schema: Schema | undefined, path: FieldPath): string | undefined {
	const field = fieldAt(schema, path);
	if (!field) return undefined;
	const text = descriptionAt(db, schema, path);
	const facts = [
		code(field.type),
		field.required ? 'required' : '',
		field.default === undefined ? '' : `default ${code(JSON.stringify(field.default))}`,
		oneOf(field.enum ?? []) ?? '',
		between(field.schema) ?? '',
		field.since === undefined ? '' : `since Kubernetes ${field.since}`,
	];
	return `${facts.filter(Boolean).join(', ')}${text ? `: ${plain(text)}` : ''}`;
}

function valueDescription(db: Database, { subject, path }: Occurrence<Rendered>): string | undefined {
	const release = releasesOf(db, subject.entry).find(each => each.resource === subject.resource);
	const chart = release && chartOf(db, subject.entry, release);
	const info = chart && valueAt(chart, path);
	if (!info) return undefined;
	return describedValue(info);
}

/** What is known of a value in a file of a chart's defaults. */
export function defaultDescription(db: Database, { file, path, within }: Address): string | undefined {
	const chart = within ? undefined : chartOfDefaults(db, file);
	const info = chart && valueAt(chart, path);
	return info && describedValue(info);
}

/** Type, default and allowed values of a chart's value, and what its author says of it. */
function describedValue(info: ValueInfo): string | undefined {
	const { types, description, deprecated } = info;
	const preset = presetOf(info);
	const facts = [
		types.length > 0 ? code(types.join(' or ')) : '',
		preset === undefined ? '' : `default ${code(preset)}`,
		oneOf(info.allowed) ?? '',
		deprecated ? 'deprecated' : '',
	];
	const known = facts.filter(Boolean).join(', ');
	return [known, description ? plain(description) : ''].filter(Boolean).join(': ') || undefined;
}

/** The default as text: the chart's own, else the schema's. */
export function presetOf({ defaultNode, defaultValue }: ValueInfo): string | undefined {
	if (defaultNode) return valueLabel(defaultNode);
	return defaultValue === undefined ? undefined : JSON.stringify(defaultValue);
}

const MOST_ALLOWED = 20;

/** The values that the schema allows. */
export function oneOf(allowed: readonly unknown[]): string | undefined {
	const shown = allowed.slice(0, MOST_ALLOWED).map(each => code(String(each)));
	return shown.length > 0 ? `one of ${shown.join(', ')}${allowed.length > MOST_ALLOWED ? ', …' : ''}` : undefined;
}

/** The numbers that it may be. */
function between({ facts: { limits = {} } }: Schema): string | undefined {
	const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = limits;
	if (exclusiveMinimum || exclusiveMaximum) return undefined;
	if (minimum !== undefined && maximum !== undefined) return `from ${minimum} to ${maximum}`;
	return minimum !== undefined ? `at least ${minimum}` : maximum !== undefined ? `at most ${maximum}` : undefined;
}

/** The text without what Markdown would take for markup. */
function plain(text: string): string {
	return text.replace(/[\\`*_{}[\]<>#|]/g, '\\$&').replace(/\s*\n\s*/g, ' ');
}
