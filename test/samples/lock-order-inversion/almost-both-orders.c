/* Both orders, and no deadlock: a third lock, a trylock, other objects, other types, only readers. */

static void demofs_first(struct demofs_fs *fs)
{
	mutex_lock(&fs->gate_mutex);
	mutex_lock(&fs->name_mutex);
	mutex_lock(&fs->tree_mutex);
	fs->names++;
	mutex_unlock(&fs->tree_mutex);
	mutex_unlock(&fs->name_mutex);
	mutex_unlock(&fs->gate_mutex);
}

static void demofs_second(struct demofs_fs *fs)
{
	mutex_lock(&fs->gate_mutex);
	mutex_lock(&fs->tree_mutex);
	mutex_lock(&fs->name_mutex);
	fs->names--;
	mutex_unlock(&fs->name_mutex);
	mutex_unlock(&fs->tree_mutex);
	mutex_unlock(&fs->gate_mutex);
}

static void demofs_plain(struct demofs_log *log)
{
	spin_lock(&log->head_lock);
	spin_lock(&log->tail_lock);
	log->used++;
	spin_unlock(&log->tail_lock);
	spin_unlock(&log->head_lock);
}

static int demofs_tried(struct demofs_log *log)
{
	spin_lock(&log->tail_lock);
	if (!spin_trylock(&log->head_lock)) {
		spin_unlock(&log->tail_lock);
		return -EAGAIN;
	}
	log->used--;
	spin_unlock(&log->head_lock);
	spin_unlock(&log->tail_lock);
	return 0;
}

static void demofs_down(struct demofs_node *parent, struct demofs_node *child)
{
	mutex_lock(&parent->dir_mutex);
	mutex_lock(&child->map_mutex);
	child->depth = parent->depth + 1;
	mutex_unlock(&child->map_mutex);
	mutex_unlock(&parent->dir_mutex);
}

static void demofs_up(struct demofs_node *parent, struct demofs_node *child)
{
	mutex_lock(&child->map_mutex);
	mutex_lock(&parent->dir_mutex);
	parent->children--;
	mutex_unlock(&parent->dir_mutex);
	mutex_unlock(&child->map_mutex);
}

static void demofs_of_fs(struct demofs_super *s)
{
	spin_lock(&s->lock);
	spin_lock(&s->list_lock);
	s->count++;
	spin_unlock(&s->list_lock);
	spin_unlock(&s->lock);
}

static void demofs_of_dev(struct demofs_device *s)
{
	spin_lock(&s->list_lock);
	spin_lock(&s->lock);
	s->count++;
	spin_unlock(&s->lock);
	spin_unlock(&s->list_lock);
}

static int demofs_read_one(struct demofs_index *index)
{
	int sum;

	down_read(&index->a_sem);
	down_read(&index->b_sem);
	sum = index->a + index->b;
	up_read(&index->b_sem);
	up_read(&index->a_sem);
	return sum;
}

static int demofs_read_other(struct demofs_index *index)
{
	int difference;

	down_read(&index->b_sem);
	down_read(&index->a_sem);
	difference = index->a - index->b;
	up_read(&index->a_sem);
	up_read(&index->b_sem);
	return difference;
}
