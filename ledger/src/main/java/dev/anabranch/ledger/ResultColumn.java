package dev.anabranch.ledger;

/**
 * A column of a result, from RowDescription.
 *
 * @param name as the client saw it
 * @param typeOid its type
 * @param tableOid the table it was read from, 0 when computed
 * @param columnNumber the column it was read from, 0 when computed
 */
public record ResultColumn(String name, long typeOid, long tableOid, int columnNumber) {}
