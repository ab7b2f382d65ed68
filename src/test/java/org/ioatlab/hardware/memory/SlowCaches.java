package org.ioatlab.hardware.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The caches once more, slowly: every set a list of ways, every line an entry, one line after the other. What {@link MemorySystem} does with words of
 * 64 lines has to come out the same.
 */
final class SlowCaches {
    /** What became of one line. */
    enum Found {
        FIRST,
        SECOND,
        REMOTE,
        MEMORY
    }

    private static final class Way {
        long line = -1;
        boolean used;
        boolean dropped;
    }

    /** One cache. */
    private static final class Level {
        final int ways;
        final int setCount;
        final Map<Long, List<Way>> sets = new TreeMap<>();
        final Map<Long, Integer> hands = new TreeMap<>();

        Level(int lines, int ways) {
            this.ways = ways;
            setCount = Integer.highestOneBit(lines / ways);
        }

        @Nullable
        Way wayOf(long line) {
            for (Way way : sets.getOrDefault(line % setCount, List.of())) {
                if (way.line == line) {
                    return way;
                }
            }
            return null;
        }

        boolean holds(long line) {
            Way way = wayOf(line);
            return way != null && !way.dropped;
        }

        void use(long line) {
            Way way = wayOf(line);
            if (way != null && !way.dropped) {
                way.used = true;
            }
        }

        void drop(long line) {
            Way way = wayOf(line);
            if (way != null) {
                way.used = false;
                way.dropped = true;
            }
        }

        /** Puts lines in: first those that have kept a way, then the others; answers the lines that left. */
        List<Long> install(List<Long> lines) {
            List<Long> others = new ArrayList<>();
            for (long line : lines) {
                Way own = wayOf(line);
                if (own == null) {
                    others.add(line);
                } else {
                    own.dropped = false;
                }
            }
            return others.stream().map(this::place).filter(line -> line >= 0).toList();
        }

        /** Answers the line that left, or -1. */
        private long place(long line) {
            long set = line % setCount;
            List<Way> all = sets.computeIfAbsent(set, number -> new ArrayList<>());
            if (all.size() < ways) {
                Way way = new Way();
                way.line = line;
                all.add(way);
                return -1;
            }
            int hand = hands.getOrDefault(set, 0);
            while (all.get(hand).used) {
                all.get(hand).used = false;
                hand = (hand + 1) % ways;
            }
            Way way = all.get(hand);
            long victim = way.dropped ? -1 : way.line;
            way.line = line;
            way.dropped = false;
            hands.put(set, (hand + 1) % ways);
            return victim;
        }
    }

    /** A cache whose ways are filled in turn. */
    private static final class InTurn {
        final int ways;
        final int setCount;
        final Map<Long, List<Long>> sets = new TreeMap<>();

        InTurn(int lines, int ways) {
            this.ways = ways;
            setCount = Integer.highestOneBit(lines / ways);
        }

        private List<Long> set(long line) {
            return sets.computeIfAbsent(line % setCount, number -> new ArrayList<>());
        }

        boolean holds(long line) {
            return set(line).contains(line);
        }

        void drop(long line) {
            set(line).replaceAll(held -> held == line ? -1L : held);
        }

        void fill(long line) {
            List<Long> all = set(line);
            all.add(line);
            if (all.size() > ways) {
                all.removeFirst();
            }
        }
    }

    /** A second level and its cores' first levels. */
    private static final class Cluster {
        final Level second;
        final List<InTurn> first = new ArrayList<>();
        final Map<Long, Boolean> dirty = new TreeMap<>();

        Cluster(CacheSizes sizes, int cores) {
            second = new Level(sizes.secondLevelLines(), sizes.secondLevelWays());
            for (int i = 0; i < cores; i++) {
                first.add(new InTurn(sizes.firstLevelLines(), sizes.firstLevelWays()));
            }
        }

        void drop(long line) {
            second.drop(line);
            dirty.remove(line);
            first.forEach(level -> level.drop(line));
        }
    }

    private final CacheTopology topology;
    private final boolean pairs;
    private final List<Cluster> clusters = new ArrayList<>();

    /** Lines that memory gave, and got back. */
    long fetched;

    long writtenBack;

    SlowCaches(CacheTopology topology, CacheSizes sizes) {
        this.topology = topology;
        pairs = sizes.linesPerMiss() == 2;
        for (int i = 0; i < topology.clusterCount(); i++) {
            clusters.add(new Cluster(sizes, topology.coresOf(i)));
        }
    }

    /** Whether a miss brings two lines. */
    boolean fetchesPairs() {
        return pairs;
    }

    boolean holds(long line) {
        return clusters.stream().anyMatch(cluster -> cluster.second.holds(line));
    }

    /** Accesses lines that lie in one page; answers for each of them where it was found when the access began. */
    List<Found> access(int cpu, long firstLine, long lastLine, boolean write) {
        Cluster own = clusters.get(topology.clusters()[cpu]);
        InTurn core = own.first.get(topology.cores()[cpu]);
        List<Found> found = new ArrayList<>();
        List<Long> wanted = new ArrayList<>();
        List<Long> toFirst = new ArrayList<>();
        for (long line = firstLine; line <= lastLine; line++) {
            boolean inFirst = core.holds(line);
            boolean inSecond = own.second.holds(line);
            found.add(inFirst ? Found.FIRST : inSecond ? Found.SECOND : Found.MEMORY);
            if (!inSecond) {
                wanted.add(line);
            }
            if (!inFirst) {
                toFirst.add(line);
            }
            own.second.use(line);
        }
        if (pairs) {
            for (long line : List.copyOf(wanted)) {
                if (!wanted.contains(line ^ 1) && !own.second.holds(line ^ 1)) {
                    wanted.add(line ^ 1);
                }
            }
        }
        for (Cluster other : clusters) {
            if (other != own) {
                snoop(other, firstLine, lastLine, write, wanted, found);
            }
        }
        fetched += wanted.size();
        for (long victim : own.second.install(wanted.stream().sorted().toList())) {
            writtenBack += own.dirty.remove(victim) == null ? 0 : 1;
            own.first.forEach(level -> level.drop(victim));
        }
        toFirst.stream().filter(own.second::holds).forEach(core::fill);
        if (write) {
            for (long line = firstLine; line <= lastLine; line++) {
                if (own.second.holds(line)) {
                    own.dirty.put(line, true);
                }
                for (InTurn level : own.first) {
                    if (level != core) {
                        level.drop(line);
                    }
                }
            }
        }
        return found;
    }

    private void snoop(Cluster other, long first, long last, boolean write, List<Long> wanted, List<Found> found) {
        for (long line : wanted) {
            if (other.dirty.remove(line) != null) {
                writtenBack++;
                fetched--;
                if (line >= first && line <= last) {
                    found.set((int) (line - first), Found.REMOTE);
                }
            }
        }
        for (long line = first; write && line <= last; line++) {
            if (other.dirty.remove(line) != null) {
                throw new IllegalStateException("changed in two caches: " + line);
            }
            other.drop(line);
        }
    }

    /** A device's write; {@code whole} tells whether it covers the line. */
    void deviceWrites(long line, boolean whole) {
        for (Cluster cluster : clusters) {
            if (!whole && cluster.dirty.remove(line) != null) {
                writtenBack++;
            }
            cluster.drop(line);
        }
    }

    void deviceReads(long line) {
        for (Cluster cluster : clusters) {
            writtenBack += cluster.dirty.remove(line) == null ? 0 : 1;
        }
    }
}
