/** What `strata.yaml` may say: one table from which it is read, checked, completed, explained, and of which its JSON schema is made. */

/** What stands under a key. */
export type ConfigType =
	| { readonly kind: 'text'; readonly pattern?: string; readonly example: string }
	| { readonly kind: 'choice'; readonly values: readonly string[] }
	/** One text or a list of them. */
	| { readonly kind: 'texts'; readonly of: 'globs' | 'names' }
	| { readonly kind: 'fields'; readonly fields: readonly ConfigField[] }
	/** Keys that the tree or the rules give: names of environments, codes. */
	| { readonly kind: 'map'; readonly keys: 'environments' | 'codes'; readonly value: ConfigType };

export interface ConfigField {
	readonly name: string;
	/** Markdown, one or two sentences. */
	readonly description: string;
	readonly type: ConfigType;
}

const GLOBS: ConfigType = { kind: 'texts', of: 'globs' };
const RELEASE = '^v?[0-9]+\\.[0-9]+(\\.[0-9]+)?([-+].*)?$';
const LEVEL = '^(privileged|baseline|restricted)(:(latest|v1\\.[0-9]+))?$';

const level = (name: string, what: string): ConfigField => ({
	name,
	description: `The level that ${what} in namespaces whose labels say nothing: \`privileged\`, \`baseline\` or \`restricted\`, with a version if need be (\`restricted:v1.31\`).`,
	type: { kind: 'text', pattern: LEVEL, example: 'baseline' },
});

/** The keys of `strata.yaml`, in the order in which they are explained. */
export const CONFIG_FIELDS: readonly ConfigField[] = [
	{
		name: 'environments',
		description:
			'The environments by name, each with the directories that belong to it. What stands here is all there is: no other environments are looked for.',
		type: { kind: 'map', keys: 'environments', value: GLOBS },
	},
	{
		name: 'entryPoints',
		description:
			'The directories that are built on their own, whoever builds on them too. No other kustomization counts as an entry point then, apart from what Flux applies.',
		type: GLOBS,
	},
	{
		name: 'bases',
		description: 'Directories that are bases, even where one environment only builds on them, or none yet.',
		type: GLOBS,
	},
	{
		name: 'components',
		description:
			'The bases that count as components: those that are documented and that environments have or lack. All bases where absent.',
		type: GLOBS,
	},
	{
		name: 'docs',
		description:
			'Whether components must be documented. `required`: each has a README.md. `off`: nothing is said of documentation. Where absent, components are held against those beside them.',
		type: { kind: 'choice', values: ['required', 'off'] },
	},
	{
		name: 'severities',
		description:
			'How severe findings are, by code (`overlay/same-as-base`) or area (`overlay/*`). It wins over what the editor is set to.',
		type: {
			kind: 'map',
			keys: 'codes',
			value: { kind: 'choice', values: ['error', 'warning', 'information', 'hint', 'off'] },
		},
	},
	{
		name: 'ignore',
		description: 'Files in which findings are not reported, by code, area (`overlay/*`) or all of them (`*`).',
		type: { kind: 'map', keys: 'codes', value: GLOBS },
	},
	{
		name: 'kubernetesVersion',
		description: 'The release of Kubernetes that the tree is for. The newest that Strata knows where absent.',
		type: { kind: 'text', pattern: RELEASE, example: '"1.34"' },
	},
	{
		name: 'fluxVersion',
		description:
			'The release of Flux that applies the tree. Where absent, it is read from `gotk-components.yaml` or the FluxInstance, and taken for the newest where neither is there.',
		type: { kind: 'text', pattern: RELEASE, example: '"2.7"' },
	},
	{
		name: 'podSecurity',
		description: 'What Pod Security admission of the clusters is configured with.',
		type: {
			kind: 'fields',
			fields: [
				level('enforce', 'is enforced'),
				level('warn', 'is warned of'),
				level('audit', 'is audited'),
				{
					name: 'exemptNamespaces',
					description: 'Namespaces in which nothing is checked.',
					type: { kind: 'texts', of: 'names' },
				},
				{
					name: 'exemptRuntimeClasses',
					description: 'Runtime classes whose pods are not checked.',
					type: { kind: 'texts', of: 'names' },
				},
			],
		},
	},
	{
		name: 'policies',
		description: 'Policies that are held against what the tree renders, besides those that it renders itself.',
		type: {
			kind: 'fields',
			fields: [
				{
					name: 'rego',
					description:
						'Rego policies compiled to WebAssembly (`opa build -t wasm -e main/deny`): paths of bundles (`bundle.tar.gz`) or of a bare `policy.wasm`. They are run only where the folder is trusted.',
					type: { kind: 'texts', of: 'names' },
				},
			],
		},
	},
];

/** The JSON Schema of `strata.yaml`, as it ships in `schemas/strata.schema.json`. */
export function configSchema(): Readonly<Record<string, unknown>> {
	return {
		$schema: 'http://json-schema.org/draft-07/schema#',
		title: 'strata.yaml: how Strata understands and judges a GitOps tree',
		...schemaOf({ kind: 'fields', fields: CONFIG_FIELDS }),
	};
}

function schemaOf(type: ConfigType): Readonly<Record<string, unknown>> {
	switch (type.kind) {
		case 'text':
			return {
				type: 'string',
				...(type.pattern !== undefined && { pattern: type.pattern }),
				examples: [type.example.replaceAll('"', '')],
			};
		case 'choice':
			return { enum: type.values };
		case 'texts':
			return { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] };
		case 'map':
			return { type: 'object', additionalProperties: schemaOf(type.value) };
		case 'fields': {
			const properties = type.fields.map(({ name, description, type: of }) => [name, { description, ...schemaOf(of) }]);
			return { type: 'object', properties: Object.fromEntries(properties) as object, additionalProperties: false };
		}
	}
}
