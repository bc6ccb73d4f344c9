package demo.ringlog;

import java.util.ArrayList;
import java.util.List;

/** The last entries of a log. Not safe for several threads. */
public final class RingLog<E> {
    private final Object[] slots;
    private long written;

    /** Keeps `capacity` entries; throws IllegalArgumentException when that is less than one. */
    public RingLog(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("no room for an entry: " + capacity);
        }
        slots = new Object[capacity];
    }

    public void add(E entry) {
        slots[(int) (written % slots.length)] = entry;
        written++;
    }

    /** How many entries are kept. */
    public int size() {
        return (int) Math.min(written, slots.length);
    }

    /** How many entries were pushed out by later ones. */
    public long lost() {
        return written - size();
    }

    /** The kept entries, the oldest first. */
    @SuppressWarnings("unchecked")
    public List<E> entries() {
        List<E> kept = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            kept.add((E) slots[i]);
        }
        return kept;
    }
}
