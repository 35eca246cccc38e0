import type { AuthorizationRequest } from '../../credential/authorization-request.ts';
import { answersQuery } from '../../credential/credential-query.ts';
import type { KeptPass } from '../passes/kept-pass.ts';

/** A pass that could answer, and what the venue would see: the whole of it, and nothing else. */
export interface Offer {
  readonly pass: KeptPass;
  /** The id of the query that it answers. */
  readonly queryId: string;
}

/** What can be answered with, and what cannot though it is asked for. */
export interface Offers {
  /** The pass that says least first. */
  readonly bound: readonly Offer[];
  /** Of the kind that is asked for, but not bound to this wallet: nobody can prove to be its holder; its code can be shown instead. */
  readonly unbound: readonly KeptPass[];
}

/** The passes of the wallet that a request asks for. */
export function offersFor(
  { query }: Pick<AuthorizationRequest, 'query'>,
  passes: readonly KeptPass[],
  holder: string,
): Offers {
  const asked = passes.flatMap((pass) => {
    const queryId = pass.facts === null ? undefined : answersQuery(query, pass.facts.profile);
    return queryId === undefined ? [] : [{ pass, queryId }];
  });
  const isBound = ({ pass }: Offer): boolean => pass.facts?.holder === holder;
  const said = ({ pass }: Offer): number => (pass.facts?.profile === 'pass' ? 0 : 1);
  return {
    bound: asked.filter(isBound).toSorted((one, other) => said(one) - said(other)),
    unbound: asked.filter((one) => !isBound(one)).map(({ pass }) => pass),
  };
}
