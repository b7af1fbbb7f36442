import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js';

/** A phone number in E.164 where it is one in the country, else as it was typed. */
export function normalisedPhone(typed: string, country: string): string {
  const parsed = parsePhoneNumberFromString(typed, country as CountryCode);
  return parsed?.isValid() ? parsed.number + (parsed.ext ? ` ext. ${parsed.ext}` : '') : typed;
}
