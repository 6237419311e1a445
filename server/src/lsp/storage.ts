import type { InitializeParams } from 'vscode-languageserver/node';
import type { InitializationOptions } from './protocol';

/** The directory that the client gives for what is kept between two starts; nothing where it gives none. */
export function storageOf({ initializationOptions }: InitializeParams): string | undefined {
	const { storage } = (initializationOptions ?? {}) as InitializationOptions;
	return typeof storage === 'string' && storage !== '' ? storage : undefined;
}
