/**
 * The shape of a catalogue, and what TypeScript can prove of it.
 */
/** A text with `{name}` in it where something goes; or one for each plural form of `{n}`. */
export type Message = string | { readonly one: string; readonly other: string };

export type Catalogue = Readonly<Record<string, Message>>;

/** The same keys in another language. */
export type Translation<C extends Catalogue> = { readonly [K in keyof C]: Message };

type NamesIn<S extends string> = S extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/** The names of what goes into a message. */
export type NamesOf<M extends Message> = M extends string
  ? NamesIn<M>
  : M extends { readonly other: infer Other extends string }
    ? NamesIn<Other>
    : never;

/** What has to be passed with a message: nothing, or a value for each name. */
export type ArgsOf<M extends Message> = [NamesOf<M>] extends [never]
  ? []
  : [values: Readonly<Record<NamesOf<M>, string | number>>];
