package dev.anabranch.server.health;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How one part is doing.
 *
 * @param part its name: main, mirror, feed, control, disk
 * @param ready whether it does what the others need of it
 * @param since when that began
 * @param why what is wrong, in a sentence; null while it is ready
 */
public record PartHealth(String part, boolean ready, Instant since, @Nullable String why) {}
