// The layouts of a generated tree: each takes a team's name, how many files there may be, and a source of random numbers, and
// gives the team's files by path. None at all where there is no room for an application.
import { KINDS, listing, secretTemplate, SIZES, web } from './applications.mjs';

const SUBJECTS =
	'parcel invoice ledger basket coupon photo review ticket refund address profile session report forecast quote label route fleet audit notice'.split(
		' ',
	);
const PARTS = 'api web sync gateway store feed'.split(' ');

/** The `index`th application of a team. */
function application(team, index) {
	const part = PARTS[Math.floor(index / SUBJECTS.length) % PARTS.length];
	return { name: `${team}-${SUBJECTS[index % SUBJECTS.length]}-${part}`, kind: KINDS[index % KINDS.length] };
}

/** Adds applications, as `add` gives their files, as long as there is room. */
function fill(into, room, add) {
	const files = into.size;
	for (let index = 0; ; index++) {
		const before = new Map(into);
		add(index);
		if (into.size <= room) continue;
		into.clear();
		for (const [file, text] of before) into.set(file, text);
		return into.size > files;
	}
}

function put(into, directory, files) {
	for (const [file, text] of Object.entries(files)) into.set(`${directory}/${file}`, text);
}

/** `clusters/base/<layer>/<component>` and `clusters/<environment>/<layer>/<component>`, documented. */
function clusters(team, room, random) {
	const out = new Map();
	const environments = ['local', 'staging', 'production'];
	const layers = ['infrastructure', 'observability', 'applications'];
	for (const environment of environments) {
		const flux = `clusters/${environment}/flux-system`;
		put(out, flux, {
			'gotk-sync.yaml': gotkSync(team, `./${team}/clusters/${environment}`),
			'kustomization.yaml': listing(['gotk-sync.yaml', ...layers.map(layer => `${layer}.yaml`)]),
			...Object.fromEntries(
				layers.map((layer, i) => [
					`${layer}.yaml`,
					fluxKustomization(layer, `./${team}/clusters/${environment}/${layer}`, i > 0 ? [layers[i - 1]] : []),
				]),
			),
		});
		out.set(`clusters/${environment}/kustomization.yaml`, listing(['flux-system']));
	}
	const listed = new Map(layers.map(layer => [layer, []]));
	for (const environment of environments) {
		for (const layer of layers) out.set(`clusters/${environment}/${layer}/kustomization.yaml`, listing([]));
	}
	const some = fill(out, room, index => {
		const layer = layers[index % layers.length];
		const { name, kind } = application(team, index);
		const base = `clusters/base/${layer}/${name}`;
		put(out, base, kind.base(name, random));
		if (kind === web) {
			out.set(`${base}/sealed-secrets/template-keys.yaml`, secretTemplate(name, `${name}-keys`, ['SESSION_KEY']));
		}
		for (const environment of environments) {
			const size = SIZES[environment];
			const resources = [`../../../base/${layer}/${name}`];
			put(out, `clusters/${environment}/${layer}/${name}`, kind.overlay(name, { size, resources, random }));
			out.set(
				`${base}/examples/${environment}/README.md`,
				`# ${name}, ${environment}\n\nReached at \`${name}.${size.domain}\`, with ${size.cpu} of CPU.\n`,
			);
		}
		listed.get(layer).push(name);
	});
	for (const environment of environments) {
		for (const layer of layers) {
			const names = listed
				.get(layer)
				.filter(name => out.has(`clusters/${environment}/${layer}/${name}/kustomization.yaml`));
			out.set(`clusters/${environment}/${layer}/kustomization.yaml`, listing(names));
		}
	}
	return some ? out : new Map();
}

/** `apps/base/<app>`, `apps/<environment>/<app>` and `clusters/<environment>`. */
function apps(team, room, random) {
	const out = new Map();
	const environments = ['staging', 'production'];
	for (const environment of environments) {
		put(out, `clusters/${environment}/flux-system`, {
			'gotk-sync.yaml': gotkSync(team, `./${team}/clusters/${environment}`),
			'kustomization.yaml': listing(['gotk-sync.yaml']),
		});
		out.set(`clusters/${environment}/apps.yaml`, fluxKustomization('apps', `./${team}/apps/${environment}`, []));
		out.set(`clusters/${environment}/kustomization.yaml`, listing(['flux-system', 'apps.yaml']));
		out.set(`apps/${environment}/kustomization.yaml`, listing([]));
	}
	const names = [];
	const some = fill(out, room, index => {
		const { name, kind } = application(team, index);
		put(out, `apps/base/${name}`, without(kind.base(name, random), 'README.md'));
		for (const environment of environments) {
			const resources = [`../../base/${name}`];
			put(out, `apps/${environment}/${name}`, kind.overlay(name, { size: SIZES[environment], resources, random }));
		}
		names.push(name);
	});
	for (const environment of environments) {
		const kept = names.filter(name => out.has(`apps/${environment}/${name}/kustomization.yaml`));
		out.set(`apps/${environment}/kustomization.yaml`, listing(kept));
	}
	return some ? out : new Map();
}

/** `kubernetes/apps/<namespace>/<app>/{ks.yaml,app/}`: one cluster, and a Flux Kustomization for each application. */
function kubernetes(team, room, random) {
	const out = new Map();
	put(out, 'kubernetes/flux', {
		'gotk-sync.yaml': gotkSync(team, `./${team}/kubernetes/flux`),
		'kustomization.yaml': listing(['gotk-sync.yaml']),
	});
	const size = SIZES.production;
	const some = fill(out, room, index => {
		const { name, kind } = application(team, index);
		const directory = `kubernetes/apps/${name}`;
		const base = kind.base(name, random);
		out.set(`${directory}/namespace.yaml`, base['namespace.yaml']);
		out.set(`${directory}/kustomization.yaml`, listing(['namespace.yaml', `${name}/ks.yaml`]));
		out.set(`${directory}/${name}/ks.yaml`, fluxKustomization(name, `./${team}/${directory}/${name}/app`, [], name));
		put(out, `${directory}/${name}/app/workload`, {
			...without(base, 'README.md', 'namespace.yaml'),
			'kustomization.yaml': base['kustomization.yaml'].replace('  - namespace.yaml\n', ''),
		});
		put(out, `${directory}/${name}/app`, kind.overlay(name, { size, resources: ['workload'], random }));
	});
	return some ? out : new Map();
}

/** `services/<app>/base` and `services/<app>/<environment>/<cluster>`, which stand on the shared base as well. */
function overlays(team, room, random) {
	const out = new Map();
	const environments = ['staging/eu1', 'prod/eu1', 'prod/us1'];
	const some = fill(out, room, index => {
		const { name, kind } = application(team, index);
		const root = `services/${name}`;
		put(out, `${root}/base`, without(kind.base(name, random), 'README.md'));
		for (const environment of environments) {
			put(
				out,
				`${root}/${environment}`,
				kind.overlay(name, { size: SIZES[environment], resources: ['../../base', 'guardrails'], random }),
			);
			out.set(
				`${root}/${environment}/guardrails/kustomization.yaml`,
				`apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: ${name}\nresources:\n  - ../../../../../../shared/guardrails\n`,
			);
		}
	});
	return some ? out : new Map();
}

export const LAYOUTS = [clusters, overlays, apps, kubernetes];

function without(files, ...names) {
	return Object.fromEntries(Object.entries(files).filter(([file]) => !names.includes(file)));
}

function gotkSync(team, directory) {
	return `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 5m
  ref:
    branch: main
  url: https://git.example.com/${team}/fleet
---
${fluxKustomization('flux-system', directory, [])}`;
}

function fluxKustomization(name, directory, dependsOn, targetNamespace) {
	return `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${name}
  namespace: flux-system
spec:
  interval: 30m
${dependsOn.length > 0 ? `  dependsOn:\n${dependsOn.map(each => `    - name: ${each}\n`).join('')}` : ''}  sourceRef:
    kind: GitRepository
    name: flux-system
  path: ${directory}
  prune: true
${targetNamespace ? `  targetNamespace: ${targetNamespace}\n` : ''}`;
}
