/** What a pull request has as an issue: comments, reactions to them, labels; and what people may do. */

import { z } from 'zod';
import { timestamp } from '../clock.ts';
import { addIssueComment, checkBody } from '../commenting.ts';
import type { Json } from '../json.ts';
import { presentAccount, presentLabel } from '../present.ts';
import { presentIssueComment } from '../present-pull.ts';
import { notFound } from '../refusal.ts';
import {
  type Answer,
  appIdOf,
  authorOf,
  type Call,
  created,
  inRepository,
  listed,
  NO_CONTENT,
  ok,
  type Routes,
  repositoryOf,
} from '../route.ts';
import {
  change,
  type IssueComment,
  type Pull,
  pullKey,
  type Reaction,
  type Role,
  type World,
} from '../world.ts';
import { ownOnly, reviewCommentOf } from './review-comments.ts';

const READ = [{ issues: 'read' }, { pull_requests: 'read' }] as const;
const WRITE = [{ issues: 'write' }, { pull_requests: 'write' }] as const;
const COMMENT = '/repos/{owner}/{repo}/issues/comments/{comment_id}';
const REVIEW_COMMENT = '/repos/{owner}/{repo}/pulls/comments/{comment_id}';
const ISSUE = '/repos/{owner}/{repo}/issues/{issue_number}';

const bodyOnly = z.object({ body: z.string() });
const reactionBody = z.object({ content: z.string() });
const labelsBody = z.union([
  z.object({ labels: z.array(z.string()) }).transform(({ labels }) => labels),
  z.array(z.string()),
]);

function issueOf(call: Call): Pull {
  return call.world.pull(repositoryOf(call).fullName, Number(call.params.issue_number));
}

function commentOf(call: Call): IssueComment {
  return inRepository(call, call.world.issueComments.get(Number(call.params.comment_id)));
}

function createComment(call: Call): Answer {
  const { world, webhooks } = call;
  const author = { user: authorOf(call), appId: appIdOf(call) };
  const { comment, told } = addIssueComment(
    world,
    webhooks,
    issueOf(call),
    author,
    bodyOnly.parse(call.body).body,
  );
  webhooks.background(told);
  return created(presentIssueComment(world, comment));
}

function listComments(call: Call): Answer {
  const { world } = call;
  const { repository, number } = issueOf(call);
  const found = [...world.issueComments.values()].filter(
    (comment) => comment.repository === repository && comment.number === number,
  );
  return listed(call, found, `/repos/${repository}/issues/${number}/comments`, (comment) =>
    presentIssueComment(world, comment),
  );
}

function updateComment(call: Call): Answer {
  const { world } = call;
  const { id } = ownOnly(call, commentOf(call));
  const { body } = bodyOnly.parse(call.body);
  checkBody('IssueComment', body);
  return ok(
    presentIssueComment(world, change(world.issueComments, id, { body, updatedAt: world.clock.now() })),
  );
}

function deleteComment(call: Call): Answer {
  call.world.issueComments.delete(ownOnly(call, commentOf(call)).id);
  return NO_CONTENT;
}

function presentReaction(world: World, { id, user, content, createdAt }: Reaction): Json {
  return {
    id,
    node_id: `REA_${id}`,
    user: presentAccount(world, user),
    content,
    created_at: timestamp(createdAt),
  };
}

/** The same reaction a second time is the first one: 200 in place of 201. */
function react(call: Call, commentId: number): Answer {
  const { world } = call;
  const { content } = reactionBody.parse(call.body);
  const user = authorOf(call);
  const old = reactionsTo(world, commentId).find(
    (reaction) => reaction.content === content && reaction.user.login === user.login,
  );
  if (old !== undefined) return ok(presentReaction(world, old));
  const reaction = { id: world.nextId(), commentId, user, content, createdAt: world.clock.now() };
  world.reactions.set(reaction.id, reaction);
  return created(presentReaction(world, reaction));
}

function reactionsTo({ reactions }: World, comment: number): Reaction[] {
  return [...reactions.values()].filter(({ commentId }) => commentId === comment);
}

function listReactions(call: Call, commentId: number, path: string): Answer {
  const { world } = call;
  return listed(call, reactionsTo(world, commentId), path, (reaction) => presentReaction(world, reaction));
}

function deleteReaction(call: Call, commentId: number): Answer {
  const { world, params } = call;
  const reaction = world.reactions.get(Number(params.reaction_id));
  if (reaction === undefined || reaction.commentId !== commentId) throw notFound();
  world.reactions.delete(reaction.id);
  return NO_CONTENT;
}

function presentLabels({ world }: Call, { repository, labels }: Pull): Json[] {
  return labels.map((name) => presentLabel(world, repository, name));
}

function addLabels(call: Call): Answer {
  const pull = issueOf(call);
  const labels = [...new Set([...pull.labels, ...labelsBody.parse(call.body)])];
  return ok(presentLabels(call, change(call.world.pulls, pullKey(pull), { labels })));
}

function removeLabel(call: Call): Answer {
  const pull = issueOf(call);
  const { name = '' } = call.params;
  if (!pull.labels.includes(name)) throw notFound();
  const labels = pull.labels.filter((label) => label !== name);
  return ok(presentLabels(call, change(call.world.pulls, pullKey(pull), { labels })));
}

/** `maintain` and `triage` are roles; as permissions they count as `write` and `read`. */
const PERMISSION: Readonly<Record<Role, string>> = {
  admin: 'admin',
  maintain: 'write',
  write: 'write',
  triage: 'read',
  read: 'read',
  none: 'none',
};

function permission(call: Call): Answer {
  const { world, params } = call;
  const repository = repositoryOf(call);
  const { username = '' } = params;
  const account = world.accounts.get(username);
  if (account === undefined) throw notFound();
  const role = repository.collaborators[username] ?? (repository.private ? 'none' : 'read');
  return ok({
    permission: PERMISSION[role],
    role_name: role,
    user: { ...presentAccount(world, account), role_name: role },
  });
}

export const ISSUES: Routes = {
  [`GET ${ISSUE}/comments`]: { needs: READ, handle: listComments },
  [`POST ${ISSUE}/comments`]: { needs: WRITE, createsContent: true, handle: createComment },
  [`GET ${COMMENT}`]: {
    needs: READ,
    handle: (call) => ok(presentIssueComment(call.world, commentOf(call))),
  },
  [`PATCH ${COMMENT}`]: { needs: WRITE, handle: updateComment },
  [`DELETE ${COMMENT}`]: { needs: WRITE, handle: deleteComment },
  [`GET ${COMMENT}/reactions`]: {
    needs: READ,
    handle: (call) => {
      const { repository, id } = commentOf(call);
      return listReactions(call, id, `/repos/${repository}/issues/comments/${id}/reactions`);
    },
  },
  [`POST ${COMMENT}/reactions`]: { needs: WRITE, handle: (call) => react(call, commentOf(call).id) },
  [`DELETE ${COMMENT}/reactions/{reaction_id}`]: {
    needs: WRITE,
    handle: (call) => deleteReaction(call, commentOf(call).id),
  },
  [`GET ${REVIEW_COMMENT}/reactions`]: {
    needs: [{ pull_requests: 'read' }],
    handle: (call) => {
      const { repository, id } = reviewCommentOf(call);
      return listReactions(call, id, `/repos/${repository}/pulls/comments/${id}/reactions`);
    },
  },
  [`POST ${REVIEW_COMMENT}/reactions`]: {
    needs: [{ pull_requests: 'write' }],
    handle: (call) => react(call, reviewCommentOf(call).id),
  },
  [`DELETE ${REVIEW_COMMENT}/reactions/{reaction_id}`]: {
    needs: [{ pull_requests: 'write' }],
    handle: (call) => deleteReaction(call, reviewCommentOf(call).id),
  },
  [`GET ${ISSUE}/labels`]: { needs: READ, handle: (call) => ok(presentLabels(call, issueOf(call))) },
  [`POST ${ISSUE}/labels`]: { needs: WRITE, handle: addLabels },
  [`DELETE ${ISSUE}/labels/{name}`]: { needs: WRITE, handle: removeLabel },
  'GET /repos/{owner}/{repo}/collaborators/{username}/permission': {
    needs: [{ metadata: 'read' }],
    handle: permission,
  },
};
