package demo.ringlog;

import static org.junit.Assert.assertEquals;

import java.util.List;
import org.junit.Test;

public class EntriesTest {
    @Test
    public void comeInTheirOrder() {
        RingLog<String> log = new RingLog<>(3);
        log.add("a");
        log.add("b");
        assertEquals(List.of("a", "b"), log.entries());
    }

    @Test
    public void areNoneAtFirst() {
        assertEquals(List.of(), new RingLog<String>(1).entries());
    }

    @Test
    public void startWithTheOldestOneKept() {
        RingLog<Integer> log = new RingLog<>(3);
        for (int i = 0; i < 5; i++) {
            log.add(i);
        }
        assertEquals(List.of(2, 3, 4), log.entries());
    }
}
