/**
 * Where the API server takes more than the OpenAPI definitions of its own kinds say: it fills in a value before it checks, or
 * does not check at all. By definition, without `io.k8s.`.
 */

interface Leniency {
	/** "Required" fields whose absence is read as their zero value and accepted. */
	readonly absent?: readonly string[];
	/** Fields that are set before keys of lists are compared. */
	readonly defaults?: Readonly<Record<string, string>>;
}

const LENIENCY: Readonly<Record<string, Leniency>> = {
	// `default=TCP` in the structural schema that server-side apply uses.
	'api.core.v1.ContainerPort': { defaults: { protocol: 'TCP' } },
	'api.core.v1.ServicePort': { defaults: { protocol: 'TCP' } },
	// Numbers and booleans without omitempty: absent is 0 or false, and no validation asks for more.
	'api.apps.v1.ControllerRevision': { absent: ['revision'] },
	'api.scheduling.v1beta1.PriorityClass': { absent: ['value'] },
	'apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion': {
		absent: ['served', 'storage'],
	},
	// An empty text, or an empty list, will do.
	'api.core.v1.HTTPHeader': { absent: ['value'] },
	'api.core.v1.Sysctl': { absent: ['value'] },
	'api.core.v1.LimitRangeSpec': { absent: ['limits'] },
	'api.discovery.v1beta1.EndpointSlice': { absent: ['endpoints'] },
	'api.events.v1.Event': { absent: ['eventTime'] },
	// pkg/apis/rbac/v1/defaults.go SetDefaults_RoleBinding, SetDefaults_Subject.
	'api.rbac.v1beta1.RoleRef': { absent: ['apiGroup'] },
	// SetDefaults of the conversion strategy: None.
	'apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceConversion': { absent: ['strategy'] },
};

/** Whether the API server accepts that a field which the definition requires is absent. */
export function mayBeAbsent(definition: string | undefined, field: string): boolean {
	return definition !== undefined && (LENIENCY[definition]?.absent?.includes(field) ?? false);
}

/** What the API server takes for a field of a list's key that is absent; nothing where it takes nothing. */
export function keyDefault(definition: string | undefined, field: string): string | undefined {
	return definition === undefined ? undefined : LENIENCY[definition]?.defaults?.[field];
}
