/** What made-up objects and kustomizations are put together from: few names, so that what refers to something mostly finds it. */
import type { Random } from '../../scripts/bench/random.mjs';

export type Yaml = string | number | boolean | null | readonly Yaml[] | YamlMap;
export interface YamlMap {
	readonly [key: string]: Yaml | undefined;
}

export const NAMES = ['app', 'web', 'cfg'] as const;
export const NAMESPACES = ['ns1', 'ns2', 'default'] as const;
export const IMAGES = ['nginx', 'nginx:1.0', 'reg.io:5000/team/nginx:v2', 'alpine@sha256:abcd', 'busybox:1@sha256:12'];
export const LABELS: readonly YamlMap[] = [{ app: 'a' }, { app: 'a', tier: 'b' }, { tier: 'c' }];

/** With a probability. */
export function maybe(random: Random, share: number, map: () => YamlMap): YamlMap {
	return random.next() < share ? map() : {};
}

export function name(random: Random): string {
	return random.of(NAMES);
}

/** An object of one of the names, with what may stand in its metadata. */
export function object(
	random: Random,
	apiVersion: string,
	kind: string,
	body: YamlMap,
	scope: 'namespaced' | 'cluster',
): YamlMap {
	return {
		apiVersion,
		kind,
		metadata: {
			name: name(random),
			...maybe(random, scope === 'namespaced' ? 0.4 : 0.05, () => ({ namespace: random.of(NAMESPACES) })),
			...maybe(random, 0.3, () => ({ labels: random.of(LABELS) })),
			...maybe(random, 0.2, () => ({ annotations: random.of([{ note: 'x' }, { note: 'y', 'a.b/c': '1' }]) })),
			...maybe(random, 0.04, () => ({
				annotations: { 'config.kubernetes.io/local-config': random.of(['true', 'false']) },
			})),
			...maybe(random, 0.03, () => ({
				annotations: random.of<YamlMap>([
					{ 'internal.config.kubernetes.io/index': '7' },
					{ 'config.kubernetes.io/path': 'a/b.yaml', 'config.kubernetes.io/index': '2' },
					{
						'internal.config.kubernetes.io/previousNames': 'old',
						'internal.config.kubernetes.io/previousNamespaces': 'default',
						'internal.config.kubernetes.io/previousKinds': kind,
					},
				]),
			})),
		},
		...body,
	};
}
