/**
 * Jumps between statements -> edges of the control-flow graph: goto in all its forms, with what cleanup scopes
 * do on the way. The part of the graph builder between expressions and statements.
 */

import { type OpenBlock, type OpenScope, sharedScope } from './build-block.ts';
import { ExpressionBuilder } from './build-expression.ts';
import type { BlockId } from './graph.ts';

/** A computed goto into more labels is not followed; interpreters have one label for each of 256 instructions. */
const MAX_COMPUTED_TARGETS = 256;

/** A place that statements jump to, with the cleanup scopes that are open there. */
export interface JumpTarget {
  readonly block: BlockId;
  readonly scopes: OpenScope | null;
}

/** A goto that waits for its labels until the whole body is read. */
interface OpenGoto {
  readonly from: OpenBlock;
  readonly scopes: OpenScope | null;
  /** Null for a computed goto, which may lead to any label whose address is taken. */
  readonly label: string | null;
}

export abstract class JumpBuilder extends ExpressionBuilder {
  private labels = new Map<string, JumpTarget>();
  private gotos: OpenGoto[] = [];

  protected label(name: string, block: BlockId): void {
    this.labels.set(name, { block, scopes: this.scopes });
  }

  /** In a fragment, a computed goto leads to labels that are out of sight too. */
  protected resolveGotos(isFragment: boolean): void {
    for (const open of this.gotos) {
      if (isFragment && open.label === null) open.from.jump = { kind: 'leave' };
      else this.resolveGoto(open);
    }
  }

  /** Builds a body whose labels nobody else jumps to. */
  protected withOwnLabels(isFragment: boolean, build: () => void): void {
    const { labels, gotos } = this;
    this.labels = new Map();
    this.gotos = [];
    build();
    const { current, scopes } = this;
    this.resolveGotos(isFragment);
    this.current = current;
    this.scopes = scopes;
    this.labels = labels;
    this.gotos = gotos;
  }

  protected gotoStatement(label: string | null): void {
    const { current: from, scopes } = this;
    const to = label === null ? undefined : this.labels.get(label);
    if (to !== undefined) this.goTo(to, true);
    else if (from.jump === null) this.gotos.push({ from, scopes, label });
    this.afterJump();
  }

  /** Jumps to a place in sight, undoing the scopes that are not open there. */
  protected goTo(to: JumpTarget, again: boolean): void {
    const { scopes } = this;
    this.undoScopes(scopes, to.scopes);
    // The compiler refuses to jump over the declaration of a scope; nothing is known of one that did.
    if (sharedScope(scopes, to.scopes) !== to.scopes && to.scopes !== null) {
      this.current.operations.push({ kind: 'unreadable', start: to.scopes.scope.start });
    }
    this.end(again ? { kind: 'goto', to: to.block, again: true } : { kind: 'goto', to: to.block });
  }

  /** Ends the block of a goto whose label was not known yet; a label that is nowhere is out of sight. */
  private resolveGoto({ from, scopes, label }: OpenGoto): void {
    const named = label === null ? [...this.addressed] : [label];
    const known = named.flatMap((name) => this.labels.get(name) ?? []);
    // A table of addresses may be out of sight.
    const targets = label === null && known.length === 0 ? [...this.labels.values()] : known;
    this.current = from;
    this.scopes = scopes;
    const [first] = targets;
    if (first === undefined || targets.length > MAX_COMPUTED_TARGETS) this.end({ kind: 'leave' });
    else if (targets.length === 1) this.goTo(first, false);
    else {
      const ways = targets.map((target) => ({ target, block: this.newBlock() }));
      this.end({ kind: 'choose', to: ways.map(({ block }) => block) });
      for (const { target, block } of ways) {
        this.enter(block);
        this.goTo(target, false);
      }
    }
  }

  /** Behind `asm goto`: any of the labels, or the next statement. */
  protected assemblerGoto(labels: readonly string[]): void {
    const stay = this.newBlock();
    const ways = labels.map((label) => ({ label, block: this.newBlock() }));
    this.end({ kind: 'choose', to: [stay, ...ways.map(({ block }) => block)] });
    for (const { label, block } of ways) {
      this.enter(block);
      this.gotoStatement(label);
    }
    this.enter(stay);
  }

  /** What stands behind a jump starts a block of its own; only a label makes it reachable. */
  protected afterJump(): void {
    this.enter(this.newBlock());
  }
}
