/** `overlay/wrong-index` where an index only seems to have slipped, and where it has. */
import { expect, test } from 'vitest';
import { analyse, diagnostics } from '../support/check';

const PROXY = '{ name: proxy, image: ghcr.io/example/proxy:2.1.0 }';
const SHOP = '{ name: shop, image: ghcr.io/example/shop:1.0.0 }';

/** What is said of operations on a Deployment with these containers. */
function found(containers: readonly string[], operations: string): string[] {
	const text = `-- kustomization.yaml --
resources:
  - deployment.yaml
patches:
  - path: patch.yaml
    target:
      kind: Deployment
-- deployment.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec:
      containers: [${containers.join(', ')}]
-- patch.yaml --
${operations}`;
	return diagnostics(analyse(text)).filter(each => each.includes('overlay/wrong-index'));
}

const replace = (path: string, value: string) =>
	`- op: replace\n  path: /spec/template/spec/containers/${path}\n  value: ${value}\n`;
const IMAGE = 'ghcr.io/example/shop:1.1.0';

test.each([
	[
		'an operation before it moved the elements',
		[PROXY, SHOP],
		`- op: remove\n  path: /spec/template/spec/containers/0\n${replace('0/image', IMAGE)}`,
	],
	[
		'all containers have one image',
		[SHOP, '{ name: worker, image: ghcr.io/example/shop:1.0.0 }'],
		replace('1/image', IMAGE),
	],
	['the image comes from a mirror', [PROXY, SHOP], replace('0/image', 'registry.local/example/proxy:2.2.0')],
	['the image is one that nobody had', [PROXY, SHOP], replace('0/image', 'ghcr.io/example/envoy:3.0.0')],
	['two operations change places', [PROXY, SHOP], replace('0', SHOP) + replace('1', PROXY)],
	['an element keeps its name', [PROXY, SHOP], replace('1', `{ name: shop, image: ${IMAGE} }`)],
	[
		'an element gets a name of its own',
		[PROXY, SHOP],
		replace('0', '{ name: gate, image: ghcr.io/example/gate:1.0.0 }'),
	],
	[
		'an element is appended',
		[PROXY, SHOP],
		'- op: add\n  path: /spec/template/spec/containers/-\n  value: { name: log, image: ghcr.io/example/log:1.0.0 }\n',
	],
])('nothing is said where %s', (_, containers, operations) => {
	expect(found(containers, operations)).toEqual([]);
});

test.each([
	['an image goes to the neighbour', [PROXY, SHOP], replace('0/image', IMAGE)],
	['an element takes the place of its neighbour', [PROXY, SHOP], replace('0', `{ name: shop, image: ${IMAGE} }`)],
])('it is told where %s', (_, containers, operations) => {
	expect(found(containers, operations)).toHaveLength(1);
});
