/** Bundles `only` (all programs by default) into `outdir` (`dist` by default). */
export function build(options?: {
	outdir?: string;
	only?: readonly ('extension' | 'server' | 'strata' | 'rego')[];
}): Promise<unknown>;
