import { z } from 'zod/v4';
import { isCalendarDate } from '../../credential/date-time.ts';
import { zipOf } from '../records/candidate.ts';
import { nameForm } from '../records/person-name.ts';

const MAX_NAME_LENGTH = 200;
const name = z.string().max(MAX_NAME_LENGTH);

const PERSON = {
  family: name.meta({ description: 'All family names; may be empty if there are given names.' }),
  given: name.meta({ description: 'All given names, or some of them from the first on.' }),
  birthDate: z.string().refine(isCalendarDate).meta({ description: 'YYYY-MM-DD' }),
};

/** A person as staff say it. */
export const PERSON_SAID = z
  .strictObject(PERSON)
  .refine((said) => nameForm(said) !== undefined)
  .meta({ id: 'PersonSaid' });

/** The same, with the ZIP code on record if it is known. */
export const PERSON_SEARCHED = z
  .strictObject({
    ...PERSON,
    postalCode: z
      .string()
      .refine((text) => zipOf(text) !== undefined)
      .optional()
      .meta({ description: 'Five digits, or ZIP+4.' }),
  })
  .refine((said) => nameForm(said) !== undefined)
  .meta({ id: 'PersonSearched' });
