/** How long landing takes, and what main's writers feel of it. */
@org.jspecify.annotations.NullMarked
package dev.anabranch.bench.promote;
