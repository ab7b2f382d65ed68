package org.ioatlab.rest.problem;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The problem types that are described; their names never change. */
public final class ProblemTypes {
    /** What a type means. */
    public record ProblemType(String type, String title, String description) {}

    private static final Set<String> ACRONYMS = Set.of("json", "cpu", "dma", "pci", "nic", "rss");

    private static final Properties DESCRIPTIONS = load();

    private ProblemTypes() {}

    /** The title of a type: its name in words. */
    public static String title(String type) {
        String words = Arrays.stream(type.split("-"))
                .map(word -> ACRONYMS.contains(word) ? word.toUpperCase(Locale.ROOT) : word)
                .collect(Collectors.joining(" "));
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    /** All described types, by name. */
    public static List<ProblemType> all() {
        return DESCRIPTIONS.stringPropertyNames().stream()
                .sorted()
                .map(name -> describe(name, DESCRIPTIONS.getProperty(name)))
                .toList();
    }

    /** One type, or null. */
    public static @Nullable ProblemType find(String name) {
        String description = DESCRIPTIONS.getProperty(name);
        return description == null ? null : describe(name, description);
    }

    private static ProblemType describe(String name, String description) {
        return new ProblemType(Problems.PATH + name, title(name), description);
    }

    private static Properties load() {
        Properties properties = new Properties();
        try (InputStream file = ProblemTypes.class.getResourceAsStream("/problems.properties")) {
            if (file == null) {
                throw new IllegalStateException("problems.properties is missing");
            }
            properties.load(new InputStreamReader(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
