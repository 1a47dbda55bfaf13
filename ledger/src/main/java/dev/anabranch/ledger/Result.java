package dev.anabranch.ledger;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came back: enough to tell whether asking again gives an equal answer.
 *
 * @param columns the result's columns
 * @param rowCount how many rows the client received
 * @param complete false when the client stopped reading early (a suspended or abandoned portal)
 * @param comparable false when a value came in a binary form that could not be turned into text;
 *     digests then mean nothing
 * @param orderedDigest over the rows in their order
 * @param bagDigest over the rows in any order, duplicates counted
 * @param rows the rows as Postgres's text, null for NULL, when they were few enough to keep
 */
public record Result(
    List<ResultColumn> columns,
    long rowCount,
    boolean complete,
    boolean comparable,
    long orderedDigest,
    long bagDigest,
    Optional<List<List<@Nullable String>>> rows) {}
