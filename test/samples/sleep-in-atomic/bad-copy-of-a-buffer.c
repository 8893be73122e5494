/* Who is given a mask and copies or stores allocates with it. */

static int demofs_kick(struct demofs_chan *chan, struct sk_buff *skb)
{
	struct sk_buff *copy;

	spin_lock_bh(&chan->lock);
	copy = skb_copy(skb, GFP_KERNEL); /* expect: sleep-in-atomic (chan->lock) */
	chan->pending = copy;
	spin_unlock_bh(&chan->lock);
	return copy == NULL ? -ENOMEM : 0;
}
