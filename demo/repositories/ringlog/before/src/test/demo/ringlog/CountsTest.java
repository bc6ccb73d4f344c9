package demo.ringlog;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import org.junit.Test;

public class CountsTest {
    @Test
    public void lostEntriesAreCounted() {
        RingLog<Integer> log = new RingLog<>(2);
        for (int i = 0; i < 5; i++) {
            log.add(i);
        }
        assertEquals(2, log.size());
        assertEquals(3, log.lost());
    }

    @Test
    public void roomForNothingIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new RingLog<Integer>(0));
    }
}
