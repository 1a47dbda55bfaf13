package dev.anabranch.promote.apply;

import dev.anabranch.base.TableId;
import java.util.List;
import java.util.Optional;

/**
 * A column of main, with what speaks against its combining.
 *
 * @param table its table
 * @param number its number in it
 * @param qualifiedName {@code schema.table.column}
 * @param type its type's OID, of a domain's values
 * @param modifier its precision and scale
 * @param typeName its type as SQL has it
 * @param tableUnfit why no column of its table can combine, as a clause
 * @param unfit why it can't, as a clause
 * @param checks main's CHECK constraints that look at it, by their definitions
 */
public record MainColumn(
    TableId table,
    int number,
    String qualifiedName,
    long type,
    int modifier,
    String typeName,
    Optional<String> tableUnfit,
    Optional<String> unfit,
    List<String> checks) {
  public MainColumn {
    checks = List.copyOf(checks);
  }
}
