/** The parts of JSON Schema that `/openapi.json` uses. */
export interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
}

/** A body as a schema asks for it, with every member that may be there, and one text wherever a text may stand. */
export function bodyOf(schema: Schema, text: string): unknown {
  const [first] = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];
  if (first !== undefined) return bodyOf(first, text);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? { a: { type: 'string' } }).map(([name, each]) => [
          name,
          bodyOf(each, text),
        ]),
      );
    case 'array':
      return (schema.prefixItems ?? [schema.items ?? {}]).map((each) => bodyOf(each, text));
    case 'integer':
    case 'number':
      return 1;
    case 'boolean':
      return true;
    case 'null':
      return null;
    case undefined:
      return { resourceType: 'Bundle', text };
    default:
      return text;
  }
}

/** The same body with one of its values, at any depth, taken away or put in another's place. */
export function* variantsOf(body: unknown, values: readonly unknown[]): Generator {
  yield* values;
  if (Array.isArray(body)) {
    yield [];
    yield [...(body as unknown[]), ...(body as unknown[])];
    for (const [at, each] of (body as unknown[]).entries()) {
      for (const variant of variantsOf(each, values)) yield body.with(at, variant);
    }
  } else if (typeof body === 'object' && body !== null) {
    yield { ...body, unknown: 1 };
    for (const [name, each] of Object.entries(body)) {
      yield Object.fromEntries(Object.entries(body).filter(([other]) => other !== name));
      for (const variant of variantsOf(each, values)) yield { ...body, [name]: variant };
    }
  }
}
