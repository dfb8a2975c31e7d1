// What the relay says in half a sentence, as a whole one.

export const sentence = (text = "") => text && `${text[0].toUpperCase()}${text.slice(1)}.`;
