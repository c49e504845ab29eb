/** Why an import cannot be made, as a sentence for whoever asked for it. Everything else that is thrown is a fault. */
export class Refusal extends Error {}
