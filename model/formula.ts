import { addForms, scaleForm, type LinearForm } from './linear-form.ts';
import { parseDecimal, rational, type Rational } from './rational.ts';

/** Where a formula is none: `at` is the token that could not be understood, or what makes it no sum of meters. */
export interface FormulaFault {
  readonly fault: 'formula_syntax' | 'formula_not_linear';
  readonly at: string;
}

const ZERO = rational(0n);
const constant = (value: Rational): LinearForm => ({ terms: new Map(), constantKw: value });
const isConstant = ({ terms }: LinearForm): boolean => terms.size === 0;

class Fault extends Error {
  readonly fault: FormulaFault;
  constructor(fault: FormulaFault['fault'], at: string) {
    super(at);
    this.fault = { fault, at };
  }
}

/** Ids may hold hyphens: a minus stands apart, as in 'gate - ups-1'. 'kW' after a number is for the reader. */
const TOKEN = /\s*(?:([()+*/]|-(?=[\s(]))|(\d+(?:\.\d+)?)(?:\s*kW\b|(?![\w.-]))|([a-z0-9][a-z0-9-]*)|(\S))/y;

type Token = { readonly text: string; readonly kind: 'operator' | 'number' | 'meter' | 'end' };

function* tokens(formula: string): Iterable<Token> {
  const pattern = new RegExp(TOKEN);
  for (let match = pattern.exec(formula); match; match = pattern.exec(formula)) {
    const [, operator, number, meter, other] = match;
    if (other !== undefined) throw new Fault('formula_syntax', other);
    if (operator !== undefined) yield { text: operator, kind: 'operator' };
    else if (number !== undefined) yield { text: number, kind: 'number' };
    else if (meter !== undefined) yield { text: meter, kind: 'meter' };
    else break;
  }
  yield { text: 'end', kind: 'end' };
}

/** expression = term {(+|-) term}; term = factor {(*|/) factor}; factor = [-] (number | meter | '(' expression ')') */
class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(formula: string) {
    this.#tokens = [...tokens(formula)];
  }

  get #token(): Token {
    return this.#tokens[this.#next] ?? { text: 'end', kind: 'end' };
  }

  #take(...operators: string[]): string | null {
    const { text, kind } = this.#token;
    if (kind !== 'operator' || !operators.includes(text)) return null;
    this.#next += 1;
    return text;
  }

  whole(): LinearForm {
    const form = this.#expression();
    if (this.#token.kind !== 'end') throw new Fault('formula_syntax', this.#token.text);
    return form;
  }

  #expression(): LinearForm {
    let sum = this.#term();
    for (let operator = this.#take('+', '-'); operator; operator = this.#take('+', '-'))
      sum = addForms(sum, scaleForm(this.#term(), rational(operator === '-' ? -1n : 1n)));
    return sum;
  }

  #term(): LinearForm {
    let product = this.#factor();
    for (let operator = this.#take('*', '/'); operator; operator = this.#take('*', '/')) {
      const { text } = this.#token;
      const other = this.#factor();
      if (operator === '*' && isConstant(product)) product = scaleForm(other, product.constantKw);
      else if (!isConstant(other) || (operator === '/' && other.constantKw.n === 0n))
        throw new Fault('formula_not_linear', `${operator} ${text}`);
      else {
        const { n, d } = other.constantKw;
        product = scaleForm(product, operator === '*' ? { n, d } : n < 0n ? { n: -d, d: -n } : { n: d, d: n });
      }
    }
    return product;
  }

  #factor(): LinearForm {
    if (this.#take('-')) return scaleForm(this.#factor(), rational(-1n));
    if (this.#take('(')) {
      const inner = this.#expression();
      if (!this.#take(')')) throw new Fault('formula_syntax', this.#token.text);
      return inner;
    }
    const { text, kind } = this.#token;
    this.#next += 1;
    if (kind === 'number') return constant(parseDecimal(text) ?? ZERO);
    if (kind === 'meter') return { terms: new Map([[text, rational(1n)]]), constantKw: ZERO };
    throw new Fault('formula_syntax', text);
  }
}

/**
 * Reads a calculated meter's formula: sums of meters, each with a factor (a loss share: '0.97 * ups-in'), and a constant
 * power in kW ('gate - ups-in - 2.5 kW'). Energies add up as the powers do, so that nothing but a sum can be metered.
 */
export function linearForm(formula: string): LinearForm | FormulaFault {
  try {
    return new Parser(formula).whole();
  } catch (error) {
    if (error instanceof Fault) return error.fault;
    throw error;
  }
}
