/**
 * What constructors of exported classes want to see that programs are not meant to call: those who
 * have it have checked the rest.
 */
export const BY_THE_LIBRARY = Symbol("made by the library");
