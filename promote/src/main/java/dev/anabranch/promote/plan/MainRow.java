package dev.anabranch.promote.plan;

/**
 * A row as it is on main.
 *
 * @param version its {@code xmin}: another one means that somebody wrote the row since
 * @param row its cells
 */
public record MainRow(String version, Row row) {}
