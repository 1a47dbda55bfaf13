package dev.anabranch.promote.plan;

import java.util.Map;

/**
 * What main said when it was asked for rows.
 *
 * @param found the rows that exist; one that is missing does not
 * @param refused keys that main did not take for keys, with its own words
 */
public record MainRows(Map<RowRef, MainRow> found, Map<RowRef, String> refused) {}
