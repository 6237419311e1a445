/** Chart archives as `helm package` makes them. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** A chart of a name and version, with one default value. */
export function packagedChart(name: string, version: string, values = 'replicas: 1\n'): Buffer {
	return archiveOf({
		[`${name}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: ${version}\n`,
		[`${name}/values.yaml`]: values,
	});
}

/** The files as a gzipped tar. */
export function archiveOf(files: Readonly<Record<string, string | Buffer>>): Buffer {
	const blocks = Object.entries(files).flatMap(([name, content]) => {
		const data = typeof content === 'string' ? Buffer.from(content) : content;
		return [headerOf(name, data.length), data, Buffer.alloc((512 - (data.length % 512)) % 512)];
	});
	return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

function headerOf(name: string, size: number): Buffer {
	const header = Buffer.alloc(512);
	header.write(name, 0);
	header.write('0000644\0', 100);
	header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
	header.write('        ', 148);
	header.write('0', 156);
	header.write('ustar\x0000', 257);
	const sum = header.reduce((total, byte) => total + byte, 0);
	header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
	return header;
}

/** sha256 in hex. */
export function sha256(bytes: Uint8Array): string {
	return createHash('sha256').update(bytes).digest('hex');
}

/** A HelmRelease `web/web` of the chart `web`, in any version 1, and the HelmRepository at the address that it comes from. */
export function releaseFrom(url: string, values = '{}'): string {
	return `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: web
spec:
  interval: 10m
  chart:
    spec:
      chart: web
      version: 1.x
      sourceRef:
        kind: HelmRepository
        name: charts
  values: ${values}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: charts
  namespace: web
spec:
  interval: 1h
  url: ${url}
`;
}
