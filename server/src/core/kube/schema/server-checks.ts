/**
 * What the API server refuses of its own kinds beyond what their schemas say, as far as it is certain whatever runs in the cluster: names, labels, and parts of an
 * object that contradict each other (`pkg/apis/core/validation`, `pkg/apis/apps/validation`, `pkg/apis/batch/validation`).
 */
import { shownText } from '../taken-secrets';
import { type FieldPath, formatPath } from '../../base/address';
import { child, entriesOf, itemsOf, type MapNode, type Node, nodeAt, type ScalarNode, textAt } from '../../yaml/node';
import { parseQuantity } from '../quantity';
import { hasPlaceholder, report, type Walk } from './walk';

/** Checks a whole object of a built-in kind. */
export function checkAsServer(walk: Walk, object: MapNode, apiVersion: string, kind: string): void {
	const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
	checkName(walk, object, `${group}/${kind}`);
	checkLabels(walk, object, ['metadata', 'labels']);
	const template = POD_TEMPLATES[`${group}/${kind}`];
	if (template) {
		if (template.length > 0) checkLabels(walk, object, [...template, 'metadata', 'labels']);
		checkPod(walk, object, [...template, 'spec']);
		if (group === 'apps') checkSelector(walk, object);
		checkRestartPolicy(walk, object, kind, template);
	}
	if (group === '' && kind === 'Service') checkServicePorts(walk, object);
}

const POD_TEMPLATES: Readonly<Record<string, readonly string[]>> = {
	'/Pod': [],
	'apps/ReplicaSet': ['spec', 'template'],
	'apps/Deployment': ['spec', 'template'],
	'apps/StatefulSet': ['spec', 'template'],
	'apps/DaemonSet': ['spec', 'template'],
	'batch/Job': ['spec', 'template'],
	'batch/CronJob': ['spec', 'jobTemplate', 'spec', 'template'],
};

function refuse(walk: Walk, at: Node, path: FieldPath, why: string, words: string): void {
	report(walk, 'schema/refused', at, {
		message: `${formatPath(path)} of ${walk.subject} ${why}.`,
		details: `${formatPath(path)}: ${words}`,
	});
}

/** The text of a scalar that is settled: nothing will be filled in any more. */
function settled(node: Node | undefined): node is ScalarNode {
	return node?.kind === 'scalar' && node.tag !== '!!null' && !hasPlaceholder(node.text);
}

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** How long a name may be and whether points may be in it, by kind; those that are not here have rules of their own. */
const NAMES: Readonly<Record<string, { readonly form: RegExp; readonly most: number }>> = {
	'/Namespace': { form: LABEL, most: 63 },
	'/Service': { form: LABEL, most: 63 },
	'batch/CronJob': { form: SUBDOMAIN, most: 52 },
	...Object.fromEntries(
		[
			...['/ConfigMap', '/Secret', '/Pod', '/ServiceAccount', '/PersistentVolumeClaim', '/PersistentVolume'],
			...['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'apps/ReplicaSet', 'batch/Job'],
			...['networking.k8s.io/Ingress', 'networking.k8s.io/NetworkPolicy', 'networking.k8s.io/IngressClass'],
			...['autoscaling/HorizontalPodAutoscaler', 'policy/PodDisruptionBudget', 'storage.k8s.io/StorageClass'],
			...['scheduling.k8s.io/PriorityClass', 'apiextensions.k8s.io/CustomResourceDefinition'],
		].map(kind => [kind, { form: SUBDOMAIN, most: 253 }]),
	),
};

function checkName(walk: Walk, object: MapNode, kind: string): void {
	const rule = NAMES[kind];
	const name = nodeAt(object, ['metadata', 'name']);
	if (!rule || !settled(name) || name.text === '') return;
	const { form, most } = rule;
	if (form.test(name.text) && name.text.length <= most) return;
	const why =
		name.text.length > most
			? `has ${name.text.length} characters, and may have ${most}`
			: `is "${name.text}"; it takes lower case letters, digits${form === LABEL ? ' and "-"' : ', "-" and "."'}, with a letter or digit at both ends`;
	refuse(
		walk,
		name,
		['metadata', 'name'],
		why,
		`Invalid value: "${name.text}": a lowercase RFC 1123 name must consist of lower case alphanumeric characters`,
	);
}

/** apimachinery `ValidateLabels`. */
function checkLabels(walk: Walk, object: MapNode, path: FieldPath): void {
	for (const { key, value } of entriesOf(nodeAt(object, path))) {
		if (hasPlaceholder(key)) continue;
		if (!isQualifiedName(key))
			refuse(
				walk,
				value,
				[...path, key],
				'is no name for a label: an optional domain and "/", then at most 63 letters, digits, "-", "_" and "."',
				`Invalid value: "${key}": name part must consist of alphanumeric characters, '-', '_' or '.'`,
			);
		else if (settled(value) && value.tag === '!!str' && !isLabelValue(value.text))
			refuse(
				walk,
				value,
				[...path, key],
				`is "${shownText(value).slice(0, 80)}"; a label's value has at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends`,
				`Invalid value: "${shownText(value).slice(0, 80)}": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.'`,
			);
	}
}

function isLabelValue(text: string): boolean {
	return text === '' || (text.length <= 63 && /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(text));
}

function isQualifiedName(key: string): boolean {
	const at = key.indexOf('/');
	const prefix = at < 0 ? undefined : key.slice(0, at);
	const name = key.slice(at + 1);
	return (
		name !== '' && isLabelValue(name) && (prefix === undefined || (prefix.length <= 253 && SUBDOMAIN.test(prefix)))
	);
}

/** `selector` must select the pods of the own template. */
function checkSelector(walk: Walk, object: MapNode): void {
	const labels = nodeAt(object, ['spec', 'template', 'metadata', 'labels']);
	for (const { key, value } of entriesOf(nodeAt(object, ['spec', 'selector', 'matchLabels']))) {
		const own = child(labels, key);
		if (!settled(value) || hasPlaceholder(key) || (own !== undefined && !settled(own))) continue;
		if (own?.kind === 'scalar' && own.text === value.text) continue;
		const has = own?.kind === 'scalar' ? `there it is "${own.text}"` : 'the template has no such label';
		refuse(
			walk,
			value,
			['spec', 'selector', 'matchLabels', key],
			`does not select the pods of its own template: ${has}`,
			'`selector` does not match template `labels`',
		);
		return;
	}
}

function checkRestartPolicy(walk: Walk, object: MapNode, kind: string, template: FieldPath): void {
	const spec = nodeAt(object, [...template, 'spec']);
	if (template.length === 0 || spec?.kind !== 'map') return;
	const path = [...template, 'spec', 'restartPolicy'];
	const node = child(spec, 'restartPolicy');
	if (node !== undefined && !settled(node)) return;
	const policy = node?.text ?? 'Always';
	if (kind === 'Job' || kind === 'CronJob') {
		if (policy === 'Always')
			refuse(
				walk,
				node ?? spec,
				path,
				'must be OnFailure or Never for what comes to an end, and is Always unless it is set',
				'Required value: valid values: "OnFailure", "Never"',
			);
	} else if (policy === 'OnFailure' || policy === 'Never')
		refuse(
			walk,
			node!,
			path,
			`is ${policy}, and a ${kind} takes Always only`,
			`Unsupported value: "${policy}": supported values: "Always"`,
		);
}

function checkPod(walk: Walk, object: MapNode, path: FieldPath): void {
	const spec = nodeAt(object, path);
	const volumes = itemsOf(child(spec, 'volumes')).map(volume => textAt(volume, 'name') ?? '');
	const claims = itemsOf(nodeAt(object, ['spec', 'volumeClaimTemplates'])).map(
		claim => textAt(claim, 'metadata', 'name') ?? '',
	);
	const known = new Set([...volumes, ...claims]);
	const areSettled = ![...known].some(hasPlaceholder);
	for (const field of ['initContainers', 'containers'])
		itemsOf(child(spec, field)).forEach((container, i) => {
			const at = [...path, field, i];
			if (areSettled) checkMounts(walk, container, at, known);
			checkEnv(walk, container, at);
			checkResources(walk, container, at);
			itemsOf(child(container, 'ports')).forEach((port, j) => {
				for (const name of ['containerPort', 'hostPort']) checkPort(walk, child(port, name), [...at, 'ports', j, name]);
			});
		});
}

function checkMounts(walk: Walk, container: Node, path: FieldPath, volumes: ReadonlySet<string>): void {
	for (const field of ['volumeMounts', 'volumeDevices'])
		itemsOf(child(container, field)).forEach((mount, i) => {
			const name = child(mount, 'name');
			if (!settled(name) || volumes.has(name.text)) return;
			refuse(
				walk,
				name,
				[...path, field, i, 'name'],
				`is "${name.text}", and the pod has no volume of that name`,
				`Not found: "${name.text}"`,
			);
		});
}

function checkEnv(walk: Walk, container: Node, path: FieldPath): void {
	itemsOf(child(container, 'env')).forEach((variable, i) => {
		const value = child(variable, 'value');
		const from = child(variable, 'valueFrom');
		if (from?.kind === 'map' && from.entries.length > 0 && settled(value) && value.text !== '')
			refuse(
				walk,
				from,
				[...path, 'env', i, 'valueFrom'],
				'stands beside a value; one of the two must go',
				'Invalid value: "": may not be specified when `value` is not empty',
			);
	});
}

function checkResources(walk: Walk, container: Node, path: FieldPath): void {
	for (const { key, value } of entriesOf(nodeAt(container, ['resources', 'requests']))) {
		const limit = nodeAt(container, ['resources', 'limits', key]);
		const asked = settled(value) ? parseQuantity(value.text) : undefined;
		const most = settled(limit) ? parseQuantity(limit.text) : undefined;
		if (asked === undefined || most === undefined || asked <= most) continue;
		refuse(
			walk,
			value,
			[...path, 'resources', 'requests', key],
			`is more than its limit, ${textAt(limit)}`,
			`Invalid value: "${textAt(value)}": must be less than or equal to ${key} limit of ${textAt(limit)}`,
		);
	}
}

function checkPort(walk: Walk, port: Node | undefined, path: FieldPath): void {
	if (!settled(port) || port.tag !== '!!int') return;
	const number = Number(port.text);
	// What does not fit into int32 is told by its type already; 0 is as good as absent for a port of the host.
	if (Math.abs(number) > 0x7fff_ffff) return;
	if ((number >= 1 && number <= 65_535) || (number === 0 && path.at(-1) === 'hostPort')) return;
	refuse(
		walk,
		port,
		path,
		`is ${port.text}; a port is between 1 and 65535`,
		`Invalid value: ${port.text}: must be between 1 and 65535, inclusive`,
	);
}

function checkServicePorts(walk: Walk, object: MapNode): void {
	const ports = itemsOf(nodeAt(object, ['spec', 'ports']));
	ports.forEach((port, i) => {
		const path = ['spec', 'ports', i];
		checkPort(walk, child(port, 'port'), [...path, 'port']);
		if (ports.length > 1 && !textAt(port, 'name'))
			refuse(walk, port, [...path, 'name'], 'is missing: with several ports each needs a name', 'Required value');
	});
}
