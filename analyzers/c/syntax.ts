/**
 * The compact syntax of C function bodies that the rest of the analyzers work on. `lower.ts` makes it from
 * tree-sitter's tree in one pass, so that no tree outlives its file. It keeps what control flow and lock
 * reasoning need (calls, assignments, tests, jumps) and drops the rest (types, literals' text).
 */

/** Offsets are UTF-16 indexes into the text that was parsed. */
export type Offset = number;

export interface NameExpr {
  readonly kind: 'name';
  readonly name: string;
}
export interface NumberExpr {
  readonly kind: 'number';
  /** Null for a literal that JavaScript cannot hold exactly. */
  readonly value: number | null;
}
export interface MemberExpr {
  readonly kind: 'member';
  readonly object: Expr;
  readonly field: string;
  readonly arrow: boolean;
}
export interface IndexExpr {
  readonly kind: 'index';
  readonly object: Expr;
  readonly index: Expr;
}
/** `*operand`, `&operand`, `!operand`, `~operand`, `-operand`, `+operand`. */
export interface UnaryExpr {
  readonly kind: 'unary';
  readonly operator: '*' | '&' | '!' | '~' | '-' | '+';
  readonly operand: Expr;
  /** Where a `!` stands; others have none, nor has one that is not in the source. */
  readonly start?: Offset;
}
export interface BinaryExpr {
  readonly kind: 'binary';
  readonly operator: string;
  readonly left: Expr;
  readonly right: Expr;
  /** Where a test for equality begins; others have none, nor has one that is not in the source. */
  readonly start?: Offset;
}
export interface AssignExpr {
  readonly kind: 'assign';
  /**
   * `=`, `|=`, …; `++` and `--` come as `+=` and `-=` of 1. `take` is `no_free_ptr(target)`: it has the target's
   * value, and the target is 0 behind the statement.
   */
  readonly operator: string;
  readonly target: Expr;
  readonly value: Expr;
  readonly start: Offset;
  readonly end: Offset;
}
export interface CallExpr {
  readonly kind: 'call';
  readonly callee: Expr;
  readonly args: readonly Expr[];
  readonly start: Offset;
  readonly end: Offset;
}
export interface ConditionalExpr {
  readonly kind: 'conditional';
  readonly test: Expr;
  /** Null in GNU C's `a ?: b`. */
  readonly whenTrue: Expr | null;
  readonly whenFalse: Expr;
}
export interface CommaExpr {
  readonly kind: 'comma';
  readonly left: Expr;
  readonly right: Expr;
}
/** GNU C's `({ … })`. */
export interface BlockExpr {
  readonly kind: 'block';
  readonly body: readonly Stmt[];
}
/** Anything else; its parts are still evaluated, in order. */
export interface OpaqueExpr {
  readonly kind: 'opaque';
  readonly parts: readonly Expr[];
}

export type Expr =
  | NameExpr
  | NumberExpr
  | MemberExpr
  | IndexExpr
  | UnaryExpr
  | BinaryExpr
  | AssignExpr
  | CallExpr
  | ConditionalExpr
  | CommaExpr
  | BlockExpr
  | OpaqueExpr;

/**
 * Something that is undone wherever control leaves the block that declares it (`<linux/cleanup.h>`).
 * `guard`: `guard(name)(args)`, `scoped_guard(name, args)`; `class`: `CLASS(name, variable)(args)`;
 * `free`: `T *variable __free(name)`; `function`: `T variable __cleanup(name)`.
 */
export interface CleanupScope {
  readonly form: 'guard' | 'class' | 'free' | 'function';
  /** The class or function; not yet what is called. */
  readonly name: string;
  readonly args: readonly Expr[];
  readonly variable: NameExpr | null;
  readonly start: Offset;
  readonly end: Offset;
}

export type Stmt =
  /** Opens a scope up to the end of its block. */
  | { readonly kind: 'cleanup'; readonly scope: CleanupScope }
  /** `scoped_guard`, `scoped_cond_guard`: a scope for one statement; `failed` runs if it cannot be entered. */
  | {
      readonly kind: 'scoped';
      readonly scope: CleanupScope;
      readonly body: Stmt;
      readonly failed: Stmt | null;
    }
  | { readonly kind: 'expression'; readonly expr: Expr }
  | { readonly kind: 'compound'; readonly body: readonly Stmt[] }
  | { readonly kind: 'if'; readonly test: Expr; readonly whenTrue: Stmt; readonly whenFalse: Stmt | null }
  | { readonly kind: 'while'; readonly test: Expr; readonly body: Stmt }
  | { readonly kind: 'do'; readonly body: Stmt; readonly test: Expr }
  | {
      readonly kind: 'for';
      readonly init: readonly Stmt[];
      readonly test: Expr | null;
      readonly update: Expr | null;
      readonly body: Stmt;
    }
  /** A loop by macro, such as `list_for_each_entry(pos, head, member)`. */
  | { readonly kind: 'iterate'; readonly args: Expr; readonly body: Stmt; readonly start: Offset }
  | { readonly kind: 'switch'; readonly test: Expr; readonly body: Stmt }
  /** `value` is null for `default` and where it is no single value (`case 1 ... 5:`). */
  | {
      readonly kind: 'case';
      readonly isDefault: boolean;
      readonly value: Expr | null;
      readonly body: readonly Stmt[];
    }
  | { readonly kind: 'label'; readonly name: string; readonly body: readonly Stmt[] }
  /** `label` is null for a computed goto. */
  | { readonly kind: 'goto'; readonly label: string | null }
  /** What stands behind `asm goto`: control may go on at any of these labels. */
  | { readonly kind: 'assemblerGoto'; readonly labels: readonly string[] }
  | { readonly kind: 'break' | 'continue' | 'empty' }
  | { readonly kind: 'return'; readonly value: Expr | null; readonly start: Offset; readonly end: Offset }
  /** `#if`: the first branch whose test holds is compiled, or the last one. One test fewer than branches. */
  | {
      readonly kind: 'alternatives';
      readonly tests: readonly Expr[];
      readonly branches: readonly (readonly Stmt[])[];
    }
  /** One body for each choice of the branches of an `#if` that splits statements; labels are each body's own. */
  | { readonly kind: 'variants'; readonly bodies: readonly Stmt[] }
  /** Source with a syntax error that the parser could not get around. */
  | { readonly kind: 'unreadable'; readonly start: Offset; readonly end: Offset };

/** A named parameter with its type, such as `struct inode *`. */
export interface ParameterSyntax {
  readonly name: string;
  readonly type: string;
}

export interface FunctionSyntax {
  readonly name: string;
  readonly parameters: readonly ParameterSyntax[];
  readonly body: Stmt;
  /** From the first character of its declaration to behind its closing brace. */
  readonly start: Offset;
  readonly end: Offset;
  /** Statements that could not be read. */
  readonly unreadable: number;
}
