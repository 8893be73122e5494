/* What is stored beside a lock, or asked of it, leaves it the same lock. */

static int demofs_dump(struct demofs_act *act, struct sk_buff *skb)
{
	struct demofs_params *params;

	spin_lock_bh(&act->a_lock);
	params = rcu_dereference_protected(act->a_params, lockdep_is_held(&act->a_lock));
	if (nla_put(skb, DEMOFS_PARAMS, sizeof(*params), params))
		return -EMSGSIZE; /* expect: lock-imbalance (a_lock) */
	spin_unlock_bh(&act->a_lock);
	return 0;
}

static int demofs_peek(struct sock *sk, int *len)
{
	struct sk_buff *skb;

	if (*len < 0)
		return -EINVAL;
	spin_lock_bh(&sk->sk_receive_queue.lock);
	skb = skb_peek(&sk->sk_receive_queue);
	if (sk->sk_shutdown)
		return -EAGAIN; /* expect: lock-imbalance (sk_receive_queue.lock) */
	*len = skb->len;
	spin_unlock_bh(&sk->sk_receive_queue.lock);
	return 0;
}

static struct sk_buff *demofs_dequeue(struct sk_buff_head *queue, u16 next)
{
	struct sk_buff *skb, *tmp;

	spin_lock_bh(&queue->lock);
	skb_queue_walk_safe(queue, skb, tmp) {
		if (demofs_seqno(skb) == next)
			return NULL; /* expect: lock-imbalance (queue->lock) */
	}
	spin_unlock_bh(&queue->lock);
	return NULL;
}
