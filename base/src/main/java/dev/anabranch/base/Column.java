package dev.anabranch.base;

/**
 * One stored column of a table.
 *
 * @param number {@code pg_attribute.attnum}, stable under renames
 * @param name its name when the shape was read
 * @param typeOid its type
 * @param typeModifier {@code atttypmod}, -1 when there is none
 * @param inKey whether it is part of the table's row key (primary key, or the replica identity
 *     index)
 */
public record Column(int number, String name, long typeOid, int typeModifier, boolean inKey) {}
